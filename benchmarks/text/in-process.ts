import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { nodeEnvironment } from '../node-environment.ts';
import { forgetPeak, peakBytes } from '../peak-memory.ts';
import { type Window, windowOf } from './window.ts';

const NAME = 'transformers-js';

interface Measured {
  readonly times: readonly number[];
  readonly seconds: number;
  readonly cpuMs: number;
}

/** transformers.js in a program: a process of its own, which asks itself and measures itself. Nothing goes over HTTP. */
export class InProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param models the folder in which the model's lies */
  static async start(models: string): Promise<InProcess> {
    const program = resolve(`benchmarks/peers/${NAME}/embed.mjs`);
    const child = fork(program, [join(models, 'minilm')], { cwd: await nodeEnvironment(NAME), execArgv: [] });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`transformers.js ended at its start, with exit code ${String(code)}.`);
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new InProcess(child);
  }

  async window(texts: readonly string[], callers: number, seconds: number): Promise<Window> {
    forgetPeak(this.#child.pid!);
    const { times, ...took } = await this.#ask<Measured>({ texts, callers, seconds });
    return windowOf(times, took.seconds, took.cpuMs, peakBytes(this.#child.pid!));
  }

  async vectorOf(text: string): Promise<readonly number[]> {
    return (await this.#ask<{ readonly vector: readonly number[] }>({ text })).vector;
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask<Answer>(message: object): Promise<Answer> {
    this.#child.send(message);
    const [answer] = (await once(this.#child, 'message')) as [Answer];
    return answer;
  }
}
