import type { InferTarget } from '#engine';
import { NestorError } from '#errors';
import type { Datatype, TensorSpec } from '#tensor';
import { decodeInferRequest } from '../decode-request.ts';
import type { InferRequest } from '../infer-request.ts';

export const spec = (name: string, datatype: Datatype, shape: number[]): TensorSpec => ({ name, datatype, shape });

/** A model with these inputs, an output of numbers and an output of strings. */
export const target = (inputs: TensorSpec[], more: Partial<InferTarget> = {}): InferTarget => ({
  signature: { inputs, outputs: [spec('y', 'FP32', [-1]), spec('label', 'BYTES', [-1])] },
  hasRows: true,
  oneAtATime: false,
  maxRows: 100,
  ...more,
});

/** Takes "x", rows of two FP32. */
export const MATRIX = target([spec('x', 'FP32', [-1, 2])]);
/** Takes "x" of any datatype. */
export const takes = (datatype: Datatype, shape = [-1]): InferTarget => target([spec('x', datatype, shape)]);

export const decodeJson = (request: unknown, model = MATRIX): InferRequest =>
  decodeInferRequest(Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)), undefined, model);

export const input = (
  data: unknown,
  shape: unknown = [1, 2],
  datatype: unknown = 'FP32',
): { readonly inputs: readonly object[] } => ({
  inputs: [{ name: 'x', datatype, shape, data }],
});

export const decodeBinary = (request: unknown, model: InferTarget, ...parts: Uint8Array[]): InferRequest => {
  const json = Buffer.from(JSON.stringify(request));
  return decodeInferRequest(Buffer.concat([json, ...parts]), json.length, model);
};

export const binaryInput = (size: unknown, shape: unknown, datatype: string, name = 'x'): object => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: size },
});

/** The error that `decode` throws, as `CODE text`. */
export function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof NestorError) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
