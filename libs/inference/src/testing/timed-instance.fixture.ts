import { jest } from '@jest/globals';
import type { Tensors } from '#tensor';
import type { Instance } from '../instance.ts';
import { FakeInstance, turn } from './fake-instance.fixture.ts';

/** A model whose every run takes as long, on the clock that the test moves. */
export class TimedInstance implements Instance {
  readonly concurrency: number;
  readonly runMs: number;
  readonly #model = new FakeInstance();

  constructor(concurrency: number, runMs: number) {
    this.concurrency = concurrency;
    this.runMs = runMs;
  }

  async run(inputs: Tensors): Promise<Tensors> {
    await new Promise((resolve) => setTimeout(resolve, this.runMs));
    return this.#model.run(inputs);
  }
}

/** Moves the clock a millisecond at a time, so that runs begin when they are due. */
export async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1) {
    await jest.advanceTimersByTimeAsync(Math.min(1, left));
    await turn();
  }
}
