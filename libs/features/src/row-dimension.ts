import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';

/**
 * Whether a model may have rows, by its signature alone: the first dimension is open, or 1, in each input (a model fixed at 1
 * then runs one row at a time). Otherwise a record is the whole input and a request holds one record.
 */
export function mayHaveRows(signature: Signature): boolean {
  return signature.inputs.every(({ shape }) => isRowDimension(shape[0]));
}

/** Whether a first dimension can count rows. */
export function isRowDimension(dimension: number | undefined): boolean {
  return dimension === DYNAMIC || dimension === 1;
}

/** What of an input belongs to one row: [N] and [N, 1] hold a scalar a row. */
export function shapePerRow(shape: readonly number[], hasRows: boolean): readonly number[] {
  if (!hasRows) return shape;
  const rest = shape.slice(1);
  return rest.length === 1 && rest[0] === 1 ? [] : rest;
}

/** Dimensions of what an output answers for one row: [N] and [N, 1] give a value. */
export function itemRank({ shape }: TensorSpec, hasRows: boolean): number {
  if (!hasRows || !isRowDimension(shape[0])) return shape.length;
  return shape.length === 2 && shape[1] === 1 ? 0 : shape.length - 1;
}
