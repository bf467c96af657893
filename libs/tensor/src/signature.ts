import type { Datatype } from './datatype.ts';

/** A dimension of any size, as in the Open Inference Protocol's model metadata. */
export const DYNAMIC = -1;

/** What a model declares about one of its inputs or outputs. `shape` holds -1 for a dynamic dimension; [] is a scalar. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
}

/** A model's inputs and outputs, in its own order. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}
