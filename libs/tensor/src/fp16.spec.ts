import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitsFp16, fp16View, MAX_FP16 } from '#tensor';

const bitsOf = (value: number) => {
  const bits = new Uint16Array(1);
  fp16View(bits)[0] = value;
  return bits[0];
};

describe('FP16', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [MAX_FP16, 0x7bff],
    [2 ** -24, 0x0001],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [0.1, 0x2e66],
  ])('writes %p as its bits (IEEE 754 binary16)', (value, bits) => {
    expect(bitsOf(value)).toBe(bits);
  });

  it('rounds to the nearest, ties to even', () => {
    expect(bitsOf(1 + 2 ** -11)).toBe(0x3c00);
    expect(bitsOf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(bitsOf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
  });

  it('reads back what it wrote, for every bit pattern', () => {
    const bits = Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern);
    const copy = new Uint16Array(bits.length);
    fp16View(copy).set(fp16View(bits));
    const isNaN16 = (pattern: number) => (pattern & 0x7c00) === 0x7c00 && (pattern & 0x03ff) !== 0;
    bits.forEach((pattern, at) => {
      if (isNaN16(pattern)) expect(fp16View(copy)[at]).toBeNaN();
      else if (copy[at] !== pattern)
        throw new Error(`0x${pattern.toString(16)} came back as 0x${copy[at]!.toString(16)}`);
    });
  });

  it('is a view, also of a part of a buffer', () => {
    const bits = new Uint16Array([1, 2, 0x3c00, 4]).subarray(2);
    expect([...fp16View(bits)]).toEqual([1, 4 * 2 ** -24]);
    fp16View(bits)[0] = -2;
    expect(bits[0]).toBe(0xc000);
  });

  it('knows which numbers it holds', () => {
    expect(fitsFp16(MAX_FP16)).toBe(true);
    expect(fitsFp16(65_519.99)).toBe(true);
    expect([65_520, -65_520, 1e39, Infinity, NaN].some((value) => fitsFp16(value))).toBe(false);
    fc.assert(fc.property(fc.double({ min: -MAX_FP16, max: MAX_FP16, noNaN: true }), fitsFp16));
  });
});
