import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NestorError } from '#errors';
import { answerTo, FakeInstance, jobOf, plain, schedulerOf, turn } from './testing/fake-instance.fixture.ts';

const request = fc.record({
  rows: fc.integer({ min: 1, max: 50 }),
  whole: fc.boolean(),
  /** Which row, if any, makes the model throw. */
  bad: fc.option(fc.nat(49), { freq: 6, nil: undefined }),
  leaves: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  late: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** What happens before the next request comes. */
  then: fc.constantFrom('nothing', 'turn', 'release', 'hold'),
});

const setting = fc.record({
  maxBatchSize: fc.integer({ min: 1, max: 64 }),
  maxBatchWaitMs: fc.constantFrom(0, 0, 1),
  maxQueueMs: fc.constantFrom(0, 1, 1e6),
  maxQueuedBytes: fc.integer({ min: 100, max: 20_000 }),
});

describe('whatever mix of requests', () => {
  it('answers each with its own rows in order, or with the error that is its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        setting,
        fc.integer({ min: 1, max: 4 }),
        fc.array(request, { minLength: 1, maxLength: 40 }),
        async (options, concurrency, requests) => {
          const instance = new FakeInstance(concurrency);
          const scheduler = schedulerOf(instance, options);
          let serial = 0;
          const outcomes = [];
          for (const { rows, whole, bad, leaves, late, then } of requests) {
            const values = Array.from({ length: rows }, () => (serial += 1));
            if (bad !== undefined && bad < rows) values[bad] = -values[bad]!;
            let gone = false;
            const deadline = late ? performance.now() + 0.2 : Infinity;
            const outcome = scheduler.submit(jobOf(values, { whole, gone: () => gone, deadline })).then(
              ({ outputs }) => ({ values, outputs: plain(outputs) }),
              (error: unknown) => ({ values, error, leaves, late }),
            );
            outcomes.push(outcome);
            gone = leaves;
            if (then === 'hold') instance.held = true;
            if (then === 'release') instance.releaseOne();
            if (then !== 'nothing') await turn();
          }
          instance.releaseAll();
          for (const outcome of await Promise.all(outcomes)) {
            const { values } = outcome;
            const isBad = values.some((value) => value < 0);
            if ('outputs' in outcome) {
              expect(isBad).toBe(false);
              expect(outcome.outputs).toEqual(answerTo(values));
            } else {
              const { code } = outcome.error as NestorError;
              const own = [
                'QUEUE_FULL',
                ...(isBad ? ['MODEL_FAILED'] : []),
                ...(outcome.leaves ? ['CANCELLED'] : []),
                ...(outcome.late ? ['DEADLINE_EXCEEDED'] : []),
              ];
              expect(own).toContain(code);
            }
          }
          await scheduler.idle();
          expect(scheduler).toMatchObject({ queuedRows: 0, queuedBytes: 0, jobsInFlight: 0 });
          expect(instance.mostAtOnce).toBeLessThanOrEqual(concurrency);
          const most = requests.some(({ whole }) => whole) ? 50 : options.maxBatchSize;
          expect(Math.max(0, ...instance.runs.map((run) => run.length))).toBeLessThanOrEqual(
            Math.max(most, options.maxBatchSize),
          );
          scheduler.close();
        },
      ),
      { numRuns: 300 },
    );
  });
});
