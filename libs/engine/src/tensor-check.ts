import { listed, NestorError, quote } from '#errors';
import { DYNAMIC, elementCount, type Tensor, type Tensors, type TensorSpec } from '#tensor';
import type { ModelVersion } from './model-version.ts';

/**
 * Checks tensors against a model's inputs, and counts their rows: 1 where its first dimension holds none.
 * @throws NestorError INVALID_TENSOR, NO_ROWS, TOO_MANY_ROWS
 */
export function rowsOf({ signature, batching, limits }: ModelVersion, inputs: Tensors): number {
  const known = signature.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new NestorError('INVALID_TENSOR', `The model has no input ${quote(unknown)}; it takes ${listed(known)}.`);
  let rows: number | undefined;
  for (const spec of signature.inputs) {
    const { shape } = fitting(spec, inputs[spec.name]);
    if (batching.mode === 'request-by-request') continue;
    rows ??= shape[0]!;
    if (shape[0] !== rows)
      throw new NestorError('INVALID_TENSOR', `Input ${spec.name} has ${shape[0]} rows, the inputs before it ${rows}.`);
  }
  if (rows === 0) throw new NestorError('NO_ROWS', 'The inputs have no rows: their first dimension is 0.');
  if (rows !== undefined && rows > limits.maxRows)
    throw new NestorError(
      'TOO_MANY_ROWS',
      `The inputs have ${rows} rows; at most ${limits.maxRows} are taken at once.`,
    );
  return rows ?? 1;
}

/** @throws NestorError INVALID_TENSOR where the model has no such output */
export function checkOutputs({ signature }: ModelVersion, wanted: readonly string[] = []): void {
  const known = signature.outputs.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new NestorError('INVALID_TENSOR', `The model has no output ${quote(unknown)}; it has ${listed(known)}.`);
}

function fitting({ name, datatype, shape }: TensorSpec, tensor: Tensor | undefined): Tensor {
  const refuse = (came: string, wanted: string): never => {
    throw new NestorError('INVALID_TENSOR', `Input ${name} ${came}; the model takes ${wanted}.`);
  };
  if (tensor === undefined) return refuse('is missing', `${datatype} [${shape.join(', ')}]`);
  if (tensor.datatype !== datatype) return refuse(`has datatype ${tensor.datatype}`, datatype);
  const given = tensor.shape;
  const fits = given.length === shape.length && given.every((size, at) => shape[at] === DYNAMIC || shape[at] === size);
  if (!fits) return refuse(`has shape [${given.join(', ')}]`, `[${shape.join(', ')}], where -1 is any size`);
  if (tensor.data.length !== elementCount(given))
    return refuse(`has ${tensor.data.length} elements for shape [${given.join(', ')}]`, `${elementCount(given)}`);
  return tensor;
}
