import { DYNAMIC, type Signature } from '#tensor';

/**
 * Whether rows are stacked along the first dimension of the inputs: it is dynamic, or 1, in each of them (a model fixed
 * at 1 is then run row by row). Otherwise a record is the whole input and a request holds one record.
 */
export function stacksRows(signature: Signature): boolean {
  return signature.inputs.every(({ shape }) => isRowDimension(shape[0]));
}

/** Whether a first dimension can count rows. */
export function isRowDimension(dimension: number | undefined): boolean {
  return dimension === DYNAMIC || dimension === 1;
}

/** What of an input belongs to one row: [N] and [N, 1] hold a scalar a row. */
export function shapePerRow(shape: readonly number[], stacked: boolean): readonly number[] {
  if (!stacked) return shape;
  const rest = shape.slice(1);
  return rest.length === 1 && rest[0] === 1 ? [] : rest;
}
