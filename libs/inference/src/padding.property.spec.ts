import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Tensors, tensorOf } from '#tensor';
import type { Instance } from './instance.ts';
import { lengthClass } from './kind.ts';
import { schedulerOf } from './testing/fake-instance.fixture.ts';

const PADDINGS = { ids: 9n, mask: 0n };

/** Sums the ids of each row where its mask is 1, and answers every masked id beside it. */
class SumOfTokens implements Instance {
  readonly concurrency: number;
  /** The lengths of the rows of each run, and that of its tensor. */
  readonly runs: { readonly lengths: number[]; readonly length: number }[] = [];
  #held: (() => void) | undefined;
  #gate: Promise<void> | undefined;

  constructor(concurrency = 1) {
    this.concurrency = concurrency;
  }

  hold(): void {
    this.#gate = new Promise((resolve) => (this.#held = resolve));
  }

  release(): void {
    this.#gate = undefined;
    this.#held?.();
  }

  async run({ ids, mask }: Tensors): Promise<Tensors> {
    const [rows, length] = ids!.shape as [number, number];
    const at = (row: number): { ids: bigint[]; mask: bigint[] } => ({
      ids: [...(ids!.data as BigInt64Array).subarray(row * length, (row + 1) * length)],
      mask: [...(mask!.data as BigInt64Array).subarray(row * length, (row + 1) * length)],
    });
    const read = Array.from({ length: rows }, (_, row) => at(row));
    for (const row of read)
      for (const [place, kept] of row.mask.entries())
        if (kept === 0n && row.ids[place] !== PADDINGS.ids) throw new Error('padded with something else');
    const lengths = read.map((row) => row.mask.filter((kept) => kept === 1n).length);
    this.runs.push({ lengths, length });
    await this.#gate;
    const sums = read.map((row) => row.ids.reduce((sum, id, place) => sum + (row.mask[place] === 1n ? id : 0n), 0n));
    return { sum: tensorOf('INT64', [rows], BigInt64Array.from(sums)) };
  }
}

function jobOf(rows: readonly (readonly number[])[]) {
  const shape = [rows.length, rows[0]!.length];
  const ids = BigInt64Array.from(rows.flat(), BigInt);
  const inputs = {
    ids: tensorOf('INT64', shape, ids),
    mask: tensorOf(
      'INT64',
      shape,
      ids.map(() => 1n),
    ),
  };
  return { inputs, rows: rows.length, deadline: Infinity };
}

const sumsOf = (rows: readonly (readonly number[])[]): bigint[] =>
  rows.map((ids) => ids.reduce((sum, id) => sum + BigInt(id), 0n));

const text = fc.integer({ min: 1, max: 60 }).chain((length) =>
  fc.array(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: length, maxLength: length }), {
    minLength: 1,
    maxLength: 3,
  }),
);

describe('rows of different lengths', () => {
  it('share runs of bounded size, filled up behind, and each is answered as alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 3 }),
        async (jobs, maxBatchSize, concurrency) => {
          const instance = new SumOfTokens(concurrency);
          const scheduler = schedulerOf(instance, { maxBatchSize, paddings: PADDINGS });
          const answers = await Promise.all(jobs.map((rows) => scheduler.submit(jobOf(rows))));
          for (const [at, { outputs }] of answers.entries())
            expect([...(outputs['sum']!.data as BigInt64Array)]).toEqual(sumsOf(jobs[at]!));
          for (const { lengths, length } of instance.runs) {
            const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
            expect(length).toBe(longest);
            expect(lengthClass(shortest)).toBe(lengthClass(longest));
            const size = lengths.reduce((sum, one) => sum + one, 0);
            expect(lengths.length === 1 || size <= maxBatchSize).toBe(true);
          }
          await scheduler.idle();
          expect(scheduler).toMatchObject({ queuedRows: 0, queuedBytes: 0, jobsInFlight: 0 });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('do not keep a short one waiting: it is in one of the next two runs', async () => {
    const instance = new SumOfTokens();
    const scheduler = schedulerOf(instance, { maxBatchSize: 64, paddings: PADDINGS });
    const long = Array.from({ length: 50 }, (_, at) => at + 1);
    instance.hold();
    const flood = Array.from({ length: 40 }, () => scheduler.submit(jobOf([long])));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = instance.runs.length;
    const short = scheduler.submit(jobOf([[1, 2]]));
    instance.release();
    await short;
    const at = instance.runs.findIndex(({ length }) => length === 2);
    expect(at - before).toBeLessThan(2);
    await Promise.all(flood);
  });

  it.each([
    [1, 1],
    [15, 15],
    [17, 18],
    [33, 36],
    [250, 256],
    [257, 288],
  ])('of %d tokens are filled up to no more than %d', (length, most) => {
    expect(lengthClass(length)).toBe(most);
    expect(most / length).toBeLessThanOrEqual(1.125);
  });
});
