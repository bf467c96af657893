import { describe, expect, it } from '@jest/globals';
import type { InferTarget } from '#engine';
import { decodeInferRequest } from './decode-request.ts';
import { MATRIX, refusalOf, spec, takes, target } from './testing/requests.ts';

describe('requests without JSON', () => {
  const raw = (model: InferTarget, body: Uint8Array) => decodeInferRequest(Buffer.from(body), 0, model);
  const floats = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

  it.each([
    [
      [-1, 2],
      [3, 2],
    ],
    [[-1], [6]],
    [
      [3, -1],
      [3, 2],
    ],
    [
      [-1, -1],
      [1, 6],
    ],
    [
      [-1, 3, -1],
      [1, 3, 2],
    ],
    [[6], [6]],
  ])('is the only input, of shape %j, as %j', (shape, read) => {
    const { inputs, outputs } = raw(target([spec('x', 'FP32', shape)], { hasRows: false }), floats);
    expect(inputs['x']).toEqual({ datatype: 'FP32', shape: read, data: new Float32Array([1, 2, 3, 4, 5, 6]) });
    expect(outputs.every(({ binary }) => binary)).toBe(true);
  });

  it('is one string, without its length', () => {
    expect(raw(takes('BYTES', [-1, 1]), Buffer.from('427')).inputs['x']).toEqual({
      datatype: 'BYTES',
      shape: [1, 1],
      data: ['427'],
    });
  });

  it.each([
    [target([]), 'this model has 0'],
    [target([spec('a', 'FP32', [-1]), spec('b', 'FP32', [-1])]), 'this model has 2'],
    [takes('FP32', [-1, -1, -1]), 'has more than one dynamic dimension'],
    [takes('FP32', [-1, 4]), 'not a multiple of the 16'],
    [takes('BYTES', [-1, 2]), 'holds one string'],
    [takes('FP32', [4]), 'has 24 byte(s) of data'],
    [takes('FP32', [0, -1]), 'not a multiple of the 0'],
  ])('is refused where it cannot be (%#)', (model, refusal) => {
    expect(refusalOf(() => raw({ ...model, hasRows: false }, floats))).toContain(refusal);
  });

  it('has rows where the model has', () => {
    expect(raw(MATRIX, floats).rows).toBe(3);
    expect(raw(MATRIX, new Uint8Array(0))).toMatchObject({ rows: 0, whole: true });
  });
});
