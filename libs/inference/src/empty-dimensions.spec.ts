import { describe, expect, it } from '@jest/globals';
import type { Signature, Tensor } from '#tensor';
import { emptyDimensionsGuard } from './empty-dimensions.ts';

const signature: Signature = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 0, -1] },
    { name: 'factor', datatype: 'FP32', shape: [] },
  ],
  outputs: [],
};
const tensor = (...shape: number[]): Tensor => ({ datatype: 'FP32', shape, data: new Float32Array(0) });

describe('the guard against empty dimensions', () => {
  const guard = emptyDimensionsGuard(signature, 'LSTM');
  const factor = tensor();

  it('names the input and the dimension that is empty', () => {
    expect(() => guard({ factor, x: tensor(2, 0, 0) })).toThrow(
      expect.objectContaining({
        code: 'INVALID_TENSOR',
        message: expect.stringContaining(
          'Input "x" has shape [2, 0, 0], whose dimension 2 is empty: LSTM may end the process on that.',
        ),
      }),
    );
    expect(() => guard({ factor, x: tensor(0, 0, 1) })).toThrow('dimension 0 is empty');
  });

  it('lets pass what the model itself says to be empty', () => {
    expect(() => guard({ factor, x: tensor(2, 0, 1) })).not.toThrow();
  });
});
