import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Tensors } from '#tensor';
import type { Instance } from './instance.ts';
import type { Scheduler } from './scheduler.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { FakeInstance, jobOf, schedulerOf, turn } from './testing/fake-instance.fixture.ts';

const RUN_MS = 20;

/** A model whose every run takes as long, on the clock that the test moves. */
class SlowInstance implements Instance {
  readonly concurrency: number;
  readonly #model = new FakeInstance();

  constructor(concurrency: number) {
    this.concurrency = concurrency;
  }

  async run(inputs: Tensors): Promise<Tensors> {
    await new Promise((resolve) => setTimeout(resolve, RUN_MS));
    return this.#model.run(inputs);
  }
}

/** Milliseconds until the answers came, and how many were refused. */
interface Outcome {
  readonly answeredIn: number[];
  refused: number;
}

function submit(scheduler: Scheduler, outcome: Outcome, rows = 1): void {
  const began = performance.now();
  scheduler.submit(jobOf(new Array<number>(rows).fill(1))).then(
    () => outcome.answeredIn.push(performance.now() - began),
    () => (outcome.refused += 1),
  );
}

/** A millisecond at a time, so that runs begin when they do. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1) {
    await jest.advanceTimersByTimeAsync(Math.min(1, left));
    await turn();
  }
}

/** A caller every so many milliseconds, for so long. */
async function callers(scheduler: Scheduler, everyMs: number, ms: number, rows = 1): Promise<Outcome> {
  const outcome: Outcome = { answeredIn: [], refused: 0 };
  for (let at = 0; at < ms; at += everyMs) {
    submit(scheduler, outcome, rows);
    await pass(everyMs);
  }
  return outcome;
}

async function burst(scheduler: Scheduler, count: number): Promise<Outcome> {
  const outcome: Outcome = { answeredIn: [], refused: 0 };
  for (let at = 0; at < count; at += 1) submit(scheduler, outcome);
  for (let at = 0; at < count; at += 1) await pass(RUN_MS);
  return outcome;
}

const longest = ({ answeredIn }: Outcome): number => Math.max(...answeredIn);

describe('overload', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  const served = (concurrency: number, options: Partial<SchedulerOptions> = {}): Scheduler =>
    schedulerOf(new SlowInstance(concurrency), {
      mode: 'row-by-row',
      maxQueuedRows: 12,
      aloneMs: RUN_MS,
      ...options,
    });

  it.each([1, 2])('lets a burst wait that the queue takes: %d runs at once', async (concurrency) => {
    const scheduler = served(concurrency);
    expect((await burst(scheduler, 12)).refused).toBe(0);
  });

  it.each([1, 2])('lets nobody wait longer than half of what a run takes: %d runs at once', async (concurrency) => {
    const scheduler = served(concurrency);
    await callers(scheduler, 2, 500);
    const outcome = await callers(scheduler, 2, 2000);
    expect(longest(outcome)).toBeLessThanOrEqual(1.5 * RUN_MS);
    // And the model is kept as busy as it can be.
    expect(outcome.answeredIn.length).toBeGreaterThanOrEqual((0.95 * concurrency * 2000) / RUN_MS);
  });

  it('does so too where a little more comes than can be answered, once the queue was full', async () => {
    const scheduler = served(1);
    await callers(scheduler, 0.8 * RUN_MS, 3000);
    expect(longest(await callers(scheduler, 0.8 * RUN_MS, 3000))).toBeLessThanOrEqual(1.5 * RUN_MS);
  });

  it('fills the batches of a model that takes several rows at a time', async () => {
    const scheduler = served(1, { mode: 'batched', maxBatchRows: 8, maxQueuedRows: 64, aloneMs: RUN_MS });
    await callers(scheduler, 0.25, 500);
    const outcome = await callers(scheduler, 0.25, 1000);
    expect(longest(outcome)).toBeLessThanOrEqual(1.5 * RUN_MS);
    expect(outcome.answeredIn.length).toBeGreaterThanOrEqual((0.95 * 8 * 1000) / RUN_MS);
  });

  it('lets requests longer than a batch wait no longer than half of what they take', async () => {
    const scheduler = served(1, { mode: 'batched', maxBatchRows: 8, maxQueuedRows: 8, maxQueuedLongRows: 160 });
    await callers(scheduler, 10, 1000, 16);
    const outcome = await callers(scheduler, 10, 2000, 16);
    expect(longest(outcome)).toBeLessThanOrEqual(1.5 * 2 * RUN_MS);
    expect(outcome.answeredIn.length).toBeGreaterThanOrEqual((0.95 * 2000) / (2 * RUN_MS));
  });

  it('is over once all who came could have been answered: a burst may wait again', async () => {
    const scheduler = served(1);
    expect((await callers(scheduler, 2, 1000)).refused).toBeGreaterThan(0);
    await pass(12 * RUN_MS);
    expect((await burst(scheduler, 12)).refused).toBe(0);
  });

  it('is over although callers go on, as long as they are fewer than can be answered', async () => {
    const scheduler = served(1);
    await callers(scheduler, 2, 1000);
    await callers(scheduler, 1.25 * RUN_MS, 5000);
    expect((await burst(scheduler, 8)).refused).toBe(0);
  });

  it('is none where the queue is bounded by hand: the bound is what holds', async () => {
    const scheduler = schedulerOf(new SlowInstance(1), { mode: 'row-by-row', maxQueuedRows: 12 });
    await callers(scheduler, 2, 500);
    expect(longest(await callers(scheduler, 2, 1000))).toBeGreaterThan(10 * RUN_MS);
  });
});
