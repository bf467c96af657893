import { expect, test } from '@jest/globals';
import type { Signature } from '#tensor';
import { withAnsweredShapes } from './answered-shapes.ts';

const signature = (shape: readonly number[]): Signature => ({
  inputs: [],
  outputs: [{ name: 'y', datatype: 'FP32', shape }],
});
const answer = (...shape: number[]) => ({ y: { datatype: 'FP32', shape, data: new Float32Array() } as const });

test.each([
  ['declared rightly', [-1, 2], [answer(1, 2), answer(3, 2)], [-1, 2]],
  ['open, whatever was answered', [-1, -1], [answer(1, 2), answer(3, 2)], [-1, -1]],
  ['declared as one column, and two are answered', [-1, 1], [answer(1, 2), answer(3, 2)], [-1, 2]],
  ['declared as one column, and some are answered', [-1, 1], [answer(1, 2), answer(1, 3)], [-1, -1]],
  ['declared with one row', [1], [answer(1), answer(3)], [1]],
  ['declared with fewer dimensions', [-1], [answer(1, 2)], [-1]],
  ['never answered', [-1, 1], [], [-1, 1]],
])('an output %s', (_, declared, answers, shape) => {
  expect(withAnsweredShapes(signature(declared), answers)).toEqual(signature(shape));
});
