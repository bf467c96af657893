import { describe, expect, it } from '@jest/globals';
import { stack, type Tensors } from '#tensor';

const sample = (number: number, text: string): Tensors => ({
  x: { datatype: 'FP32', shape: [1, 2], data: Float32Array.of(number, -number) },
  word: { datatype: 'BYTES', shape: [1], data: [text] },
});

describe('stack', () => {
  it('makes one batch of samples of one row each', () => {
    expect(stack([sample(1, 'a'), sample(2, 'b')])).toEqual({
      x: { datatype: 'FP32', shape: [2, 2], data: Float32Array.of(1, -1, 2, -2) },
      word: { datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
    });
  });

  it('takes the samples in turn until there are so many rows', () => {
    expect(stack([sample(1, 'a'), sample(2, 'b')], 3)['word']!.data).toEqual(['a', 'b', 'a']);
    expect(stack([sample(1, 'a'), sample(2, 'b')], 1)['x']!.data).toEqual(Float32Array.of(1, -1));
  });
});
