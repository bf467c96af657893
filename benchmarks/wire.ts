import { readFileSync } from 'node:fs';

export type House = Readonly<Record<string, number>>;

/** The format of a contender's requests and answers. The houses and the prices are the same for all. */
export interface Wire {
  encode(houses: readonly House[]): string;
  decode(answer: unknown): unknown;
}

const { records, prediction } = JSON.parse(
  readFileSync(new URL('../models/housing/training/golden.json', import.meta.url), 'utf8'),
) as { records: House[]; prediction: number[] };

/** The first houses of the golden file, repeated if it does not have enough. */
export function houses(count: number): House[] {
  return Array.from({ length: count }, (_, row) => records[row % records.length]!);
}

/** The prices that scikit-learn predicts for these houses. */
export function prices(count: number): number[] {
  return Array.from({ length: count }, (_, row) => prediction[row % prediction.length]!);
}

/** An answer that is not a price, or a wrong one. */
export class WrongPriceError extends Error {}

/** @throws WrongPriceError if an answer does not have scikit-learn's price of each house, up to single precision */
export function checkPrices(answered: unknown, count: number): void {
  if (!Array.isArray(answered) || answered.length !== count)
    throw new WrongPriceError(`its answer is not a list of ${count} prices`);
  for (const [row, price] of answered.entries()) {
    const expected = prediction[row % prediction.length]!;
    if (typeof price !== 'number' || Math.abs(price - expected) > 1e-4 * expected) {
      throw new WrongPriceError(`it answers ${String(price)} for house ${row}, which is worth ${expected}`);
    }
  }
}

const rowsOf = (list: readonly House[]): number[][] => list.map((house) => Object.values(house));
const member = (answer: unknown, name: string): unknown => (answer as Record<string, unknown>)[name];

/** A record, or a list of records. */
export const recordsWire: Wire = {
  encode: (list) => JSON.stringify(list.length === 1 ? list[0] : list),
  decode: (answer) => member(answer, 'prediction'),
};

/** The dict of a pandas DataFrame: column, then row. */
export const dataFrameWire: Wire = {
  encode: (list) => {
    const columns = Object.keys(list[0]!);
    const column = (name: string): House => Object.fromEntries(list.map((house, row) => [row, house[name]!]));
    return JSON.stringify(Object.fromEntries(columns.map((name) => [name, column(name)])));
  },
  decode: (answer) => member(answer, 'prediction'),
};

/** KServe's V1 protocol. */
export const instancesWire: Wire = {
  encode: (list) => JSON.stringify({ instances: rowsOf(list) }),
  decode: (answer) => member(answer, 'predictions'),
};

/** The Open Inference Protocol V2. */
export const openInferenceWire: Wire = {
  encode: (list) => {
    const shape = [list.length, Object.keys(list[0]!).length];
    return JSON.stringify({ inputs: [{ name: 'features', shape, datatype: 'FP32', data: rowsOf(list).flat() }] });
  },
  decode: (answer) => member((member(answer, 'outputs') as unknown[])[0], 'data'),
};
