import type { Datatype } from './datatype.ts';

/** A dimension of any size, as in the Open Inference Protocol's model metadata. */
export const DYNAMIC = -1;

/** What a model says of one of its inputs or outputs. `shape` holds -1 for a dynamic dimension; [] is a scalar. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** What goes into a model and what comes out of it, in the model's own order. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/**
 * Whether a model can take any number of rows: every input and every output has a dynamic first dimension.
 * That rows do not influence each other is for the batching proof to show, not for the signature.
 */
export function hasRows(signature: Signature): boolean {
  return [...signature.inputs, ...signature.outputs].every((spec) => spec.shape[0] === DYNAMIC);
}
