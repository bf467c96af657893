import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { freeView, type Tensors } from '#tensor';
import type { Instance } from './instance.ts';
import { RunCost } from './run-cost.ts';
import { keepBusy } from './testing/busy.fixture.ts';
import { jobOf, schedulerOf } from './testing/fake-instance.fixture.ts';

/** As `modelOf` takes it: a hundredth of a batch is enough for a row alone. */
const COST = new RunCost([
  [1, 0.03],
  [4, 3],
]);

/** A model in code whose output for a row is what `answer` makes of the values of all rows of the run. */
function modelOf(answer: (values: number[], row: number) => number): Instance & { runs: number[][] } {
  const runs: number[][] = [];
  return {
    concurrency: 1,
    runs,
    async run({ x }: Tensors) {
      const values = Array.from({ length: x!.shape[0]! }, (_, row) => x!.data[2 * row] as number);
      runs.push(values);
      keepBusy(values.length > 1 ? 3 : 0);
      return {
        y: {
          datatype: 'FP32',
          shape: [values.length],
          data: Float32Array.from(values, (_, row) => answer(values, row)),
        },
      };
    },
  };
}

/**
 * Asks for batches of four rows, one after the other, each when the scheduler has come to rest.
 *
 * @param untilMixing ends with the second batch after the watch said that rows affect each other
 */
async function ask(
  instance: Instance,
  batches: number,
  untilMixing = false,
): Promise<{ reasons: string[]; answers: number[][] }> {
  const reasons: string[] = [];
  const scheduler = schedulerOf(instance, { maxBatchSize: 4, cost: COST, onMixing: (reason) => reasons.push(reason) });
  const answers: number[][] = [];
  for (let batch = 0, after = 0; batch < batches && after < 2; batch += 1) {
    if (untilMixing && reasons.length > 0) after += 1;
    const jobs = [1, 2, 3, 4].map((value) => scheduler.submit(jobOf([value + batch])));
    answers.push((await Promise.all(jobs)).map(({ outputs }) => outputs['y']!.data[0] as number));
    await scheduler.idle();
  }
  return { reasons, answers };
}

const maximum = (values: number[]): number => Math.max(...values);

describe('the watch', () => {
  it('separates rows that turn out to affect each other, and says why', async () => {
    const mixing = modelOf(maximum);
    // How soon depends on the machine: a check that other programs interrupted has used up what many batches allow.
    const { reasons, answers } = await ask(mixing, 4000, true);
    expect(reasons).toEqual([
      expect.stringMatching(
        /^While serving, in a batch of 4 rows, a row of the output "y" was "\d+" instead of "\d+", as it is alone\.$/,
      ),
    ]);
    expect(answers[0]).toEqual([4, 4, 4, 4]);
    const last = answers.length;
    expect(answers.at(-1)).toEqual([last, last + 1, last + 2, last + 3]);
  });

  describe('where an output turns out to be no rows', () => {
    /** Leaves odd values out, as a filter does. */
    const filter: Instance = {
      concurrency: 1,
      async run({ x }: Tensors) {
        const kept = Array.from({ length: x!.shape[0]! }, (_, row) => x!.data[2 * row] as number).filter(
          (n) => n % 2 === 0,
        );
        return { y: { datatype: 'FP32', shape: [kept.length], data: Float32Array.from(kept) } };
      },
    };
    const REASON = 'While serving: Output "y" has shape [1] for 2 row(s): its first dimension is not the rows.';

    it('answers tensors as they were sent, and separates rows', async () => {
      const reasons: string[] = [];
      const scheduler = schedulerOf(filter, {
        maxBatchSize: 8,
        cost: COST,
        onMixing: (reason) => reasons.push(reason),
      });
      const asked = [
        [1, 2],
        [3, 4],
      ].map((values) => scheduler.submit(jobOf(values, { asSent: true })));
      const answers = (await Promise.all(asked)).map(({ outputs }) => Array.from(outputs['y']!.data as Float32Array));
      expect(answers).toEqual([[2], [4]]);
      expect(reasons).toEqual([REASON]);
    });

    it('fails rows, which have no place in it, and separates those that come', async () => {
      const reasons: string[] = [];
      const scheduler = schedulerOf(filter, {
        maxBatchSize: 8,
        cost: COST,
        onMixing: (reason) => reasons.push(reason),
      });
      await expect(scheduler.submit(jobOf([1, 2]))).rejects.toMatchObject({ code: 'MODEL_FAILED' });
      expect(reasons).toEqual([REASON]);
    });
  });

  it('finds nothing in independent rows, and runs few of them again', async () => {
    const independent = modelOf((values, row) => values[row]! * 2);
    const { reasons } = await ask(independent, 40);
    expect(reasons).toEqual([]);
    const again = independent.runs.filter((run) => run.length === 1).length;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(40);
  });

  it('leaves a model alone that answers a row differently each time', async () => {
    let serial = 0;
    const random = modelOf(() => (serial += 1));
    const { reasons } = await ask(random, 40);
    expect(reasons).toEqual([]);
    // The row, and twice more to see whether it differs from itself.
    expect(random.runs.filter((run) => run.length === 1)).toHaveLength(3);
  });

  it('does not look at rows whose caller was answered before they ran: their memory may be gone', async () => {
    const late: Instance = {
      concurrency: 1,
      async run({ x }: Tensors) {
        const data = x!.data.slice() as Float32Array;
        await delay(300);
        return { y: { datatype: 'FP32', shape: x!.shape, data } };
      },
    };
    const scheduler = schedulerOf(late, { maxBatchSize: 4096, cost: COST, onMixing: () => undefined });
    const job = jobOf(Array.from({ length: 3000 }, (_, at) => at));
    const asked = scheduler.submit({ ...job, deadline: performance.now() + 50 });
    await expect(asked).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    freeView(job.inputs['x']!.data as Float32Array);
    expect(job.inputs['x']!.data).toHaveLength(0);
    await scheduler.idle();
    await expect(scheduler.submit(jobOf([1, 2]))).resolves.toBeDefined();
  });

  it('does not look at rows of a model without it', async () => {
    const mixing = modelOf(maximum);
    const scheduler = schedulerOf(mixing, { maxBatchSize: 4 });
    for (let batch = 0; batch < 20; batch += 1)
      await Promise.all([1, 2].map((value) => scheduler.submit(jobOf([value]))));
    expect(mixing.runs.every((run) => run.length === 2)).toBe(true);
  });

  it('cuts requests that wait, once their rows are separated', async () => {
    const mixing = modelOf(maximum);
    const scheduler = schedulerOf(mixing, { maxBatchSize: 4, cost: COST, onMixing: () => undefined });
    const all: Promise<unknown>[] = [];
    for (let burst = 0; burst < 400; burst += 1) all.push(scheduler.submit(jobOf([burst, burst + 1])));
    const last = scheduler.submit(jobOf([1, 2, 3]));
    await Promise.all(all);
    expect(Array.from((await last).outputs['y']!.data as Float32Array)).toEqual(
      mixing.runs.at(-1)!.length === 1 ? [1, 2, 3] : [3, 3, 3],
    );
  });
});
