import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { histogramBars, Tally } from './tally.ts';

describe('histogramBars', () => {
  it('counts every number once, in few bins', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(numbers, (values) => {
        const bars = histogramBars(Float64Array.from(values).sort());
        expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
        expect(bars.length).toBeLessThanOrEqual(26);
      }),
    );
  });

  it('has one bar for numbers that differ by nothing to speak of', () => {
    for (const values of [
      [5, 5],
      [-1.5e-323, 5e-323],
      [1e6, 1e6 + 1e-9],
      [1e20, 1e20 + 16384],
    ]) {
      expect(histogramBars(Float64Array.from(values))).toEqual([{ label: expect.any(String), count: 2 }]);
    }
    expect(histogramBars(Float64Array.of(-1e308, 1e308)).length).toBeLessThanOrEqual(26);
  });

  it('has round edges', () => {
    expect(histogramBars(Float64Array.of(5, 7.2, 29)).map(({ label }) => label)[0]).toBe('5 to 6');
  });
});

describe('Tally', () => {
  const tally = (answers: string[], isQuantity = true): Tally => {
    const all = new Tally(isQuantity);
    for (const answer of answers) all.add(answer);
    return all;
  };

  it('takes answers for numbers only where all are', () => {
    expect([...(tally(['3', '1', '2']).sortedNumbers() ?? [])]).toEqual([1, 2, 3]);
    expect(tally(['3', 'red']).sortedNumbers()).toBeUndefined();
    expect(tally([]).sortedNumbers()).toBeUndefined();
  });

  it('never takes labels for numbers', () => {
    const labels = tally(['0', '1', '1'], false);
    expect(labels.sortedNumbers()).toBeUndefined();
    expect(labels.labels).toEqual(
      new Map([
        ['0', 1],
        ['1', 2],
      ]),
    );
  });

  it('counts labels', () => {
    expect([...tally(['a', 'b', 'a']).labels]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
