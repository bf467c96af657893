import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';

/**
 * Whether a model may have rows, by its signature alone: the first dimension of each input is open, or 1 (such a model
 * runs one row at a time). Otherwise, a record is the whole input, and a request has one record.
 */
export function mayHaveRows(signature: Signature): boolean {
  return signature.inputs.every(({ shape }) => isRowDimension(shape[0]));
}

/** Whether a first dimension can count rows. */
export function isRowDimension(dimension: number | undefined): boolean {
  return dimension === DYNAMIC || dimension === 1;
}

/** The shape of one row of an input; [] for [N] and [N, 1], which have one scalar per row. */
export function shapePerRow(shape: readonly number[], hasRows: boolean): readonly number[] {
  if (!hasRows) return shape;
  const rest = shape.slice(1);
  return rest.length === 1 && rest[0] === 1 ? [] : rest;
}

/** The number of dimensions of an output's item for one row; 0 for [N] and [N, 1]. */
export function itemRank({ shape }: TensorSpec, hasRows: boolean): number {
  if (!hasRows || !isRowDimension(shape[0])) return shape.length;
  return shape.length === 2 && shape[1] === 1 ? 0 : shape.length - 1;
}
