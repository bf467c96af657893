import { BYTES_PER_ELEMENT, type DataOf, type Datatype } from './datatype.ts';

/**
 * An n-dimensional array, row-major: the last dimension varies fastest. An empty shape is a scalar (one element).
 * Readers must not change `data`: it may be a view shared with neighbours of the same batch.
 */
export interface Tensor<D extends Datatype = Datatype> {
  readonly datatype: D;
  readonly shape: readonly number[];
  readonly data: DataOf[D];
}

/** Tensors by name: what goes into a model or comes out of it. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** An empty collection of tensors by name. It has no prototype: a name is data, even "__proto__". */
export const noTensors = (): Record<string, Tensor> => Object.create(null) as Record<string, Tensor>;

/** The number of elements of a shape: the product of its dimensions, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const dimension of shape) count *= dimension;
  return count;
}

/** Bytes that a tensor holds in memory; strings are counted as two bytes a character. */
export function byteLength(tensor: Tensor): number {
  if (tensor.datatype !== 'BYTES') return tensor.data.length * BYTES_PER_ELEMENT[tensor.datatype];
  let bytes = 0;
  for (const text of tensor.data as readonly string[]) bytes += 2 * text.length;
  return bytes;
}
