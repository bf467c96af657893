import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Tensors } from '#tensor';
import { RunCost } from './run-cost.ts';
import type { Scheduler } from './scheduler.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { keepBusy } from './testing/busy.fixture.ts';
import { FakeInstance, jobOf, schedulerOf, turn } from './testing/fake-instance.fixture.ts';
import { pass, TimedInstance } from './testing/timed-instance.fixture.ts';

const RUN_MS = 20;
const MAX_QUEUE_MS = 250;

/** Milliseconds until the answers came, and how many requests were rejected. */
interface Outcome {
  readonly answeredIn: number[];
  rejected: number;
}

function submit(scheduler: Scheduler, outcome: Outcome, rows = 1): Promise<void> {
  const began = performance.now();
  return scheduler.submit(jobOf(new Array<number>(rows).fill(1))).then(
    () => void outcome.answeredIn.push(performance.now() - began),
    () => void (outcome.rejected += 1),
  );
}

/** A caller every so many milliseconds, for so long. */
async function callers(scheduler: Scheduler, everyMs: number, ms: number, rows = 1): Promise<Outcome> {
  const outcome: Outcome = { answeredIn: [], rejected: 0 };
  for (let at = 0; at < ms; at += everyMs) {
    void submit(scheduler, outcome, rows);
    await pass(everyMs);
  }
  return outcome;
}

const longest = ({ answeredIn }: Outcome): number => Math.max(...answeredIn);

describe('the time that requests wait', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  const served = (concurrency: number, options: Partial<SchedulerOptions> = {}): Scheduler =>
    schedulerOf(new TimedInstance(concurrency, RUN_MS), {
      maxBatchSize: 1,
      maxQueueMs: MAX_QUEUE_MS,
      cost: new RunCost([[1, RUN_MS]]),
      ...options,
    });

  it.each([1, 2])('is within the bound however many come, and the model stays busy: %d runs at once', async (runs) => {
    const scheduler = served(runs);
    const outcome = await callers(scheduler, 2, 3000);
    expect(outcome.rejected).toBeGreaterThan(0);
    expect(longest(outcome)).toBeLessThanOrEqual(MAX_QUEUE_MS + RUN_MS + 2);
    expect(outcome.answeredIn.length).toBeGreaterThanOrEqual((0.9 * runs * 3000) / RUN_MS - 13);
  });

  it('rejects nobody where less comes than can be answered', async () => {
    expect((await callers(served(1), 1.25 * RUN_MS, 3000)).rejected).toBe(0);
  });

  it('is all the same to those who come after the rejected: a moment after the crowd, everybody is let in', async () => {
    const scheduler = served(1);
    expect((await callers(scheduler, 1, 1000)).rejected).toBeGreaterThan(500);
    await pass(MAX_QUEUE_MS);
    expect((await callers(scheduler, 1, 10)).rejected).toBe(0);
  });

  it('is that of full batches where rows share runs', async () => {
    const scheduler = served(1, { maxBatchSize: 8, cost: new RunCost([[8, RUN_MS]]) });
    const outcome = await callers(scheduler, 0.25, 1500);
    expect(longest(outcome)).toBeLessThanOrEqual(MAX_QUEUE_MS + RUN_MS + 2);
    expect(outcome.answeredIn.length).toBeGreaterThanOrEqual((0.9 * 8 * 1500) / RUN_MS - 8 * 13);
  });

  it('follows the model where it turns out slower than it was measured', async () => {
    const scheduler = served(1, { cost: new RunCost([[1, RUN_MS / 10]]) });
    await callers(scheduler, 5, 1000);
    expect(longest(await callers(scheduler, 5, 2000))).toBeLessThanOrEqual(MAX_QUEUE_MS + 2 * RUN_MS);
  });

  it('is nobody else’s where callers come back at once: 512 of a fast model are never rejected', async () => {
    const scheduler = served(1, { maxBatchSize: 64, cost: new RunCost([[64, 0.1]]) });
    const outcome: Outcome = { answeredIn: [], rejected: 0 };
    for (let caller = 0; caller < 512; caller += 1) void submit(scheduler, outcome, 8);
    await pass(100);
    expect(outcome.rejected).toBe(0);
  });
});

describe('refusal()', () => {
  it('tells before a request is decoded whether it would be rejected', async () => {
    const instance = new FakeInstance();
    instance.held = true;
    const scheduler = schedulerOf(instance, { maxBatchSize: 1, maxQueueMs: 0, cost: new RunCost([[1, 1000]]) });
    expect(scheduler.refusal()).toBeUndefined();
    const jobs = [1, 2, 3].map((value) => scheduler.submit(jobOf([value])));
    await turn();
    expect(scheduler.refusal()).toMatchObject({ code: 'QUEUE_FULL' });
    instance.releaseAll();
    await Promise.all(jobs);
    expect(scheduler.refusal()).toBeUndefined();
    scheduler.close();
    expect(scheduler.refusal()).toMatchObject({ code: 'MODEL_NOT_READY' });
  });
});

describe('runs on the event loop', () => {
  it('go on for as long as other work took before them, so that a crowd does not keep the queue from draining', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchSize: 1 });
    const jobs = Array.from({ length: 50 }, (_, value) => scheduler.submit(jobOf([value])));
    keepBusy(8);
    let ranInOneTurn = 0;
    setImmediate(() => (ranInOneTurn = instance.runs.length));
    await Promise.all([...jobs, turn()]);
    expect(ranInOneTurn).toBeGreaterThan(1);
  });

  it('let others have their turn after a while', async () => {
    const quick = new FakeInstance();
    const instance = {
      concurrency: 1,
      run(inputs: Tensors) {
        keepBusy(3);
        return quick.run(inputs);
      },
    };
    const scheduler = schedulerOf(instance, { maxBatchSize: 1 });
    const jobs = Array.from({ length: 40 }, (_, value) => scheduler.submit(jobOf([value])));
    await new Promise((resolve) => setTimeout(resolve, 1));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      if (scheduler.jobsInFlight > 0) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(jobs);
    expect(turns).toBeGreaterThan(4);
  });
});
