import type { Signature, Tensor, TensorSpec } from '#tensor';

export const output = (name: string, datatype: TensorSpec['datatype'], shape: number[]): TensorSpec => ({
  name,
  datatype,
  shape,
});

/** A model of one input, with these outputs. */
export const modelWith = (...outputs: TensorSpec[]): Signature => ({
  inputs: [output('x', 'FP32', [-1, 1])],
  outputs,
});

export const floats = (shape: number[], ...values: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Float32Array(values),
});
