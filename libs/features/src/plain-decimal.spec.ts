import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainDecimal } from './plain-decimal.ts';

describe('plainDecimal', () => {
  it('is what Number makes of the same text, to the bit', () => {
    const decimal = fc
      .tuple(fc.constantFrom('', '-'), fc.nat(9_999_999), fc.option(fc.stringMatching(/^[0-9]{0,8}$/)))
      .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
    fc.assert(
      fc.property(decimal, fc.string(), fc.string(), (text, before, after) => {
        const found = plainDecimal(before + text + after, before.length, before.length + text.length);
        expect(Object.is(found, Number(text))).toBe(true);
      }),
    );
  });

  it.each(['', '-', '.', '-.', '1e3', ' 1', '+1', '1_0', '1..2', '0x10', 'NaN', '1234567890123456', 'three'])(
    'leaves %j to others',
    (text) => {
      expect(plainDecimal(text, 0, text.length)).toBeNaN();
    },
  );
});
