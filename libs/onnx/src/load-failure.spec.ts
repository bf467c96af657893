import { describe, expect, it } from '@jest/globals';
import { explainLoadFailure } from './load-failure.ts';

describe('a graph that mixes doubles and floats', () => {
  /** ONNX Runtime's own words for exports that skl2onnx made from float64 columns. */
  it.each([
    'Type (tensor(float)) of output arg (output_probability) of node (Cast) does not match expected type (tensor(double))',
    'Type (seq(map(int64,tensor(double)))) of output arg (output_probability) of node (ZipMap) does not match expected type (seq(map(int64,tensor(float))))',
    "Type 'tensor(double)' of input parameter (probabilities) of operator (ZipMap) in node (ZipMap) is invalid",
  ])('is to be exported again from float32 columns: %s', (words) => {
    const { message } = explainLoadFailure('model.onnx', 18, new Error(`Type Error: ${words}.`));
    expect(message).toContain(`(${words})`.replace(' in node (ZipMap) is invalid', ''));
    expect(message).toContain('export it again from float32 columns (docs/exports.md)');
  });

  it('is not what a mismatch of integers is', () => {
    const words = 'Type (tensor(int64)) of output arg (y) of node (n) does not match expected type (tensor(int32)).';
    expect(explainLoadFailure('model.onnx', 18, new Error(words)).message).not.toContain('float32 columns');
  });
});
