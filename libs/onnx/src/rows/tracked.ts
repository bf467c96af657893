import { type Product, ROWS, type Size } from './size.ts';

/**
 * What is known of a tensor in every run of a graph.
 *
 * With an `axis` the tensor has the rows along that dimension, and its slice for a row is the same function of that row
 * alone, wherever the row stands and however many there are. Without one it does not depend on the rows, but may on
 * how many there are, where `counts` says so; its shape does not even then.
 */
export interface Tracked {
  readonly axis?: number | undefined;
  /** Undefined where not even the rank is known; that of rows is. Of rows the size at `axis` is ROWS, all others are free of it. */
  readonly shape: readonly Size[] | undefined;
  readonly counts?: boolean;
  /** The contents of a small tensor of whole numbers without rows. */
  readonly numbers?: readonly Element[] | undefined;
}

/** A number in a tensor; `varies` may depend on the number of rows in any way. */
export type Element = Size | 'varies';

/** A tensor that has rows. */
export interface RowsTensor extends Tracked {
  readonly axis: number;
  readonly shape: readonly Size[];
}

export function hasRows(tensor: Tracked): tensor is RowsTensor {
  return tensor.axis !== undefined;
}

/** Something that is the same in every run. */
export function isConstant(tensor: Tracked): boolean {
  return tensor.axis === undefined && tensor.counts !== true;
}

/** A tensor of the shape, with the rows along `axis`, where it has any. */
export function tensorOf(axis: number | undefined, shape: readonly Size[]): Tracked {
  return axis === undefined ? { shape } : { axis, shape: shape.map((size, at) => (at === axis ? ROWS : size)) };
}

/** A constant about which nothing else is known. */
export const CONSTANT: Tracked = { shape: undefined };

export function dependsOnCount(element: Element): boolean {
  return element === 'varies' || (element !== undefined && element.rows > 0);
}

/** A number that is known as a product; undefined for all others. */
export function productOf(element: Element): Product | undefined {
  return element === 'varies' ? undefined : element;
}
