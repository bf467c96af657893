import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalised, pooled } from './pooling.ts';
import type { PoolingMode } from './text-options.ts';

/** The formulas of sentence-transformers, over the tokens of one text as columns. */
const FORMULAS: Readonly<Record<PoolingMode, (column: readonly number[]) => number>> = {
  cls: (column) => column[0]!,
  last: (column) => column.at(-1)!,
  max: (column) => Math.max(...column),
  mean: (column) => total(column) / column.length,
  'mean-sqrt': (column) => total(column) / Math.sqrt(column.length),
  'weighted-mean': (column) =>
    total(column.map((value, at) => value * (at + 1))) / total(column.map((_, at) => at + 1)),
};
const MODES = Object.keys(FORMULAS) as PoolingMode[];

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const tokens = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.array(fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: width, maxLength: width }), {
    minLength: 1,
    maxLength: 9,
  }),
);

describe('pooling', () => {
  it.each(MODES)('%s is its formula, whatever fills the text up', (mode) => {
    fc.assert(
      fc.property(tokens, fc.nat(3), (rows, filling) => {
        const width = rows[0]!.length;
        const data = Float32Array.from([...rows.flat(), ...new Array<number>(filling * width).fill(1000)]);
        const vector = pooled({ data, length: rows.length, width }, [mode], false);
        const expected = rows[0]!.map((_, at) => FORMULAS[mode](rows.map((row) => row[at]!)));
        expect([...vector]).toEqual(expected.map((value) => expect.closeTo(value, 4)));
      }),
      { numRuns: 200 },
    );
  });

  it('joins the vectors of several modes, and only then makes them of length 1', () => {
    const vectors = { data: Float32Array.of(3, 0, 1, 4), length: 2, width: 2 };
    expect([...pooled(vectors, ['cls', 'last'], false)]).toEqual([3, 0, 1, 4]);
    const length = Math.hypot(3, 0, 1, 4);
    const expected = [3, 0, 1, 4].map((value) => expect.closeTo(value / length, 6));
    expect([...pooled(vectors, ['cls', 'last'], true)]).toEqual(expected);
  });
});

describe('a vector of length 1', () => {
  it('has the direction that it had', () => {
    expect([...normalised(Float64Array.of(3, 4))]).toEqual([0.6, 0.8]);
  });

  it('is none of zeros', () => {
    expect([...normalised(Float64Array.of(0, 0))]).toEqual([0, 0]);
  });
});
