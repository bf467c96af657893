import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { niceCeiling } from './scale.ts';

describe('niceCeiling', () => {
  it('is never below the value and never far above', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (value) => {
        const ceiling = niceCeiling(value);
        expect(ceiling).toBeGreaterThanOrEqual(value * (1 - 1e-6));
        expect(ceiling).toBeLessThanOrEqual(value * 2.5);
      }),
    );
  });

  it('is 1 where there is nothing to show', () => {
    expect([0, -1, NaN, Infinity].map(niceCeiling)).toEqual([1, 1, 1, 1]);
  });
});
