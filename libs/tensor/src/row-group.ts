import type { Tensors } from './tensor.ts';

/** Rows of a request whose tensors have the same shapes: where they stand among all, and their tensors in that order. */
export interface RowGroup {
  readonly rows: readonly number[];
  readonly inputs: Tensors;
}
