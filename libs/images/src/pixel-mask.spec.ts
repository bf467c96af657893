import { expect, test } from '@jest/globals';
import type { Tensor, TensorSpec } from '#tensor';
import { maskFor, maskOf } from './pixel-mask.ts';

const mask = (datatype: TensorSpec['datatype'], ...shape: number[]): TensorSpec => ({
  name: 'pixel_mask',
  datatype,
  shape,
});
const pictures = (...shape: number[]): Tensor => ({ datatype: 'FP32', shape, data: new Float32Array(0) });

test('is all ones, in the size of its input or else of the pictures', () => {
  expect(maskFor(mask('INT64', -1, 2, 2), pictures(1, 3, 5, 7), false)).toEqual({
    datatype: 'INT64',
    shape: [1, 2, 2],
    data: new BigInt64Array(4).fill(1n),
  });
  expect(maskFor(mask('BOOL', -1, -1, -1), pictures(2, 3, 1, 2), false)).toMatchObject({ shape: [2, 1, 2] });
  const last = maskFor(mask('FP32', -1, -1, -1), pictures(2, 1, 2, 3), true);
  expect([last.shape, [...(last.data as Float32Array)]]).toEqual([
    [2, 1, 2],
    [1, 1, 1, 1],
  ]);
});

test('is an input of that name and of three dimensions', () => {
  const found = mask('INT64', -1, 64, 64);
  expect(maskOf({ inputs: [{ ...found, name: 'other' }, found], outputs: [] })).toBe(found);
  expect(maskOf({ inputs: [mask('INT64', -1, 4), mask('BYTES', -1, 4, 4)], outputs: [] })).toBeUndefined();
});
