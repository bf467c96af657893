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
