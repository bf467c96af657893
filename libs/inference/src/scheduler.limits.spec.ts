import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestorError } from '#errors';
import type { Scheduler } from './scheduler.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { answerTo, FakeInstance, jobOf, plain, schedulerOf, turn } from './testing/fake-instance.fixture.ts';

/** A scheduler whose only slot is taken. */
async function busy(
  options: Partial<SchedulerOptions>,
): Promise<{ instance: FakeInstance; scheduler: Scheduler; first: Promise<unknown> }> {
  const instance = new FakeInstance();
  instance.held = true;
  const scheduler = schedulerOf(instance, options);
  const first = scheduler.submit(jobOf([0]));
  await turn();
  return { instance, scheduler, first };
}

describe('admission by bytes', () => {
  it('refuses what would exceed the bytes that may be held, strings included', async () => {
    const { instance, scheduler, first } = await busy({ maxQueuedBytes: 30 });
    expect(scheduler.queuedBytes).toBe(10);
    const second = scheduler.submit(jobOf([1]));
    const third = scheduler.submit(jobOf([2]));
    await expect(scheduler.submit(jobOf([3]))).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    instance.releaseAll();
    await Promise.all([first, second, third]);
    expect(scheduler.queuedBytes).toBe(0);
  });

  it('admits a request above the bound where nothing waits: else it could never be served', async () => {
    const scheduler = schedulerOf(new FakeInstance(), { maxQueuedBytes: 1 });
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(plain((await scheduler.submit(jobOf(values))).outputs)).toEqual(answerTo(values));
  });

  it('gives the place of a caller who has left to the next', async () => {
    const { instance, scheduler, first } = await busy({ maxQueuedBytes: 30 });
    const waiting = scheduler.submit(jobOf([3]));
    let gone = false;
    const left = scheduler.submit(jobOf([1], { gone: () => gone }));
    const outcome = expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    gone = true;
    const next = scheduler.submit(jobOf([2]));
    await outcome;
    instance.releaseAll();
    await Promise.all([first, waiting, next]);
    expect(instance.runs).toEqual([[0], [3, 2]]);
  });
});

describe('leaving and deadlines', () => {
  it('does not run a job whose caller left while it waited', async () => {
    const { instance, scheduler, first } = await busy({});
    let gone = false;
    const left = scheduler.submit(jobOf([1], { gone: () => gone }));
    const stays = scheduler.submit(jobOf([2]));
    gone = true;
    instance.releaseAll();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await Promise.all([first, stays]);
    expect(instance.runs).toEqual([[0], [2]]);
  });

  it('refuses at once what is past its deadline already', async () => {
    const instance = new FakeInstance();
    await expect(schedulerOf(instance).submit(jobOf([1], { deadline: performance.now() }))).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(instance.runs).toEqual([]);
  });

  describe('on a clock that the test moves', () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
    afterEach(() => void jest.useRealTimers());

    it('answers a waiting job at its deadline, with one timer for all', async () => {
      const { instance, scheduler, first } = await busy({});
      const codes: string[] = [];
      const submit = (value: number, ms: number) =>
        scheduler.submit(jobOf([value], { deadline: performance.now() + ms })).then(
          () => codes.push(`ran ${value}`),
          (error: unknown) => codes.push(`${(error as NestorError).code} ${value}`),
        );
      const all = [submit(1, 5000), submit(2, 50), submit(3, 7000), submit(4, 30)];
      expect(jest.getTimerCount()).toBe(1);
      await jest.advanceTimersByTimeAsync(29);
      expect(codes).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(codes).toEqual(['DEADLINE_EXCEEDED 4']);
      await jest.advanceTimersByTimeAsync(20);
      expect(codes).toEqual(['DEADLINE_EXCEEDED 4', 'DEADLINE_EXCEEDED 2']);
      await jest.advanceTimersByTimeAsync(5000);
      expect(codes).toEqual(['DEADLINE_EXCEEDED 4', 'DEADLINE_EXCEEDED 2', 'DEADLINE_EXCEEDED 1']);
      instance.releaseAll();
      await Promise.all([first, ...all]);
      expect(codes.at(-1)).toBe('ran 3');
      expect(instance.runs).toEqual([[0], [3]]);
    });

    it('answers at its deadline a job whose run does not end, and is not idle before the run has', async () => {
      const instance = new FakeInstance();
      instance.held = true;
      const scheduler = schedulerOf(instance);
      const outcome = expect(
        scheduler.submit(jobOf([1], { deadline: performance.now() + 1000 })),
      ).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      await turn();
      await jest.advanceTimersByTimeAsync(1000);
      await outcome;
      expect(scheduler.jobsInFlight).toBe(0);
      let idle = false;
      const idling = scheduler.idle().then(() => (idle = true));
      await turn();
      expect(idle).toBe(false);
      instance.releaseAll();
      await idling;
    });

    it('looks for callers who have left although nothing else happens, and then lets the clock rest', async () => {
      const { instance, scheduler, first } = await busy({});
      let gone = false;
      const outcome = expect(scheduler.submit(jobOf([1], { gone: () => gone }))).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      gone = true;
      await jest.advanceTimersByTimeAsync(100);
      await outcome;
      instance.releaseAll();
      await first;
      await jest.advanceTimersByTimeAsync(100);
      expect(jest.getTimerCount()).toBe(0);
    });
  });
});

describe('idle and close', () => {
  it('is idle at once where nothing was submitted, and after the last answer otherwise', async () => {
    const scheduler = schedulerOf(new FakeInstance());
    await scheduler.idle();
    const answered: number[] = [];
    for (const value of [1, 2, 3]) void scheduler.submit(jobOf([value])).then(() => answered.push(value));
    await scheduler.idle();
    expect(answered).toEqual([1, 2, 3]);
  });

  it('refuses what waits and what comes once closed, and ends the run under way', async () => {
    const { instance, scheduler, first } = await busy({});
    const waiting = expect(scheduler.submit(jobOf([1]))).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    scheduler.close();
    await waiting;
    await expect(scheduler.submit(jobOf([2]))).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    instance.releaseAll();
    await expect(first).resolves.toBeDefined();
    await scheduler.idle();
  });
});
