import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shortestFloat16, shortestFloat32 } from './shortest.ts';

describe('shortestFloat32', () => {
  it.each([20.35, 0.1, -1 / 3, 1e-7, 1.1754944e-38, 1.4e-45, 9.99999, 123456.7, 0.3333333])(
    'writes %d as people do',
    (number) => {
      expect(String(shortestFloat32(Math.fround(number))).length).toBeLessThanOrEqual(14);
      expect(Math.fround(shortestFloat32(Math.fround(number)))).toBe(Math.fround(number));
    },
  );

  it('has no digits to spare', () => {
    expect([20.35, 0.1, 5e-9, 396.9, 1234.567].map((number) => shortestFloat32(Math.fround(number)))).toEqual([
      20.35, 0.1, 5e-9, 396.9, 1234.567,
    ]);
  });

  it('reads back as every float32 that it was made from, and never has more digits than it', () => {
    const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(float32, (value) => {
        const short = shortestFloat32(value);
        expect(Math.fround(short)).toBe(value);
        expect(String(short).length).toBeLessThanOrEqual(String(value).length);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back around every power of ten', () => {
    const bits = new Int32Array(1);
    const float = new Float32Array(bits.buffer);
    for (let exponent = -44; exponent <= 38; exponent += 1) {
      for (let step = -3; step <= 3; step += 1) {
        float[0] = Number(`1e${exponent}`);
        bits[0]! += step;
        expect(Math.fround(shortestFloat32(float[0]))).toBe(float[0]);
      }
    }
  });
});

describe('shortestFloat16', () => {
  it('reads back as every float16 there is', () => {
    const bits = new Uint16Array(1);
    const half = new Float16Array(bits.buffer);
    for (let pattern = 0; pattern < 0x10000; pattern += 1) {
      bits[0] = pattern;
      if (!Number.isFinite(half[0])) continue;
      if (Math.f16round(shortestFloat16(half[0]!)) !== half[0]) throw new Error(`${half[0]} came back otherwise`);
    }
    expect(shortestFloat16(Math.f16round(0.1))).toBe(0.1);
  });
});
