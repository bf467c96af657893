import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RunCost } from './run-cost.ts';

const points = fc
  .tuple(
    fc.double({ min: 0.001, max: 100, noNaN: true }),
    fc.double({ min: 0.001, max: 100, noNaN: true }),
    fc.double({ min: 0.001, max: 100, noNaN: true }),
  )
  .map(
    ([one, eight, many]) =>
      [
        [1, one],
        [8, eight],
        [64, many],
      ] as [number, number][],
  );

describe('RunCost', () => {
  it('draws straight lines between what was measured', () => {
    const cost = new RunCost([
      [1, 1],
      [8, 8],
      [64, 120],
    ]);
    expect(cost.ms(1)).toBe(1);
    expect(cost.ms(4)).toBe(4);
    expect(cost.ms(36)).toBe(64);
    expect(cost.ms(128)).toBe(248);
    expect(cost.msPerRow).toEqual({ 1: 1, 8: 1, 64: 1.875 });
  });

  it('takes more rows to cost as much each, where only one was measured', () => {
    expect(new RunCost([[1, 20]]).ms(5)).toBe(100);
  });

  it('never falls with the rows, and finds the most that fit', () => {
    fc.assert(
      fc.property(
        points,
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        (measured, most, ms) => {
          const cost = new RunCost(measured);
          const rows = cost.rowsWithin(ms, most);
          if (rows > 0) expect(cost.ms(rows)).toBeLessThanOrEqual(ms);
          if (rows < most) expect(cost.ms(rows + 1)).toBeGreaterThan(ms);
        },
      ),
    );
  });
});
