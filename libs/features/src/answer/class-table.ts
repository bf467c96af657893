import { type Datatype, floatsOf, type Tensor } from '#tensor';

/** The function that turns a model's numbers into probabilities. */
export type Activation = 'softmax' | 'sigmoid';

export interface ClassTableOptions {
  readonly activation?: Activation | undefined;
  /** The one column is the probability of the second of two classes. */
  readonly isBinary: boolean;
}

/**
 * The values of the classes as the answer has them, [N, classes]: after the activation, and with a column for each
 * class of a binary model. The datatype stays the same, but FP16 becomes FP32.
 */
export function classTable(output: Tensor, { activation, isBinary }: ClassTableOptions): Tensor {
  if (activation === undefined && !isBinary) return output;
  const columns = output.shape[1]!;
  const values = Float64Array.from(floatsOf(output));
  if (activation === 'softmax') softmax(values, columns);
  if (activation === 'sigmoid') sigmoid(values);
  const data = isBinary ? withOther(values) : values;
  const shape = [output.shape[0]!, isBinary ? 2 : columns];
  return output.datatype === 'FP64'
    ? { datatype: 'FP64', shape, data }
    : { datatype: 'FP32', shape, data: Float32Array.from(data) };
}

/** The datatype of the result of `classTable`. */
export function tableDatatype(datatype: Datatype, { activation, isBinary }: ClassTableOptions): Datatype {
  return datatype === 'FP16' && (activation !== undefined || isBinary) ? 'FP32' : datatype;
}

/** Works in place, row by row. Subtracts a row's highest value first, so that no exponential is infinite. */
function softmax(values: Float64Array, columns: number): void {
  for (let from = 0; from < values.length; from += columns) {
    const row = values.subarray(from, from + columns);
    const highest = row.reduce((most, value) => Math.max(most, value), -Infinity);
    let sum = 0;
    for (let at = 0; at < columns; at += 1) sum += row[at] = Math.exp(row[at]! - highest);
    for (let at = 0; at < columns; at += 1) row[at]! /= sum;
  }
}

function sigmoid(values: Float64Array): void {
  for (let at = 0; at < values.length; at += 1) values[at] = 1 / (1 + Math.exp(-values[at]!));
}

/** The first class's probability, then the second's. */
function withOther(second: Float64Array): Float64Array {
  const both = new Float64Array(2 * second.length);
  second.forEach((probability, row) => both.set([1 - probability, probability], 2 * row));
  return both;
}
