import type { RunCost } from './run-cost.ts';

/** A run this short does not matter beside the other costs of a request. */
const UNNOTICED_MS = 2;
/** A longer batch may take at most this much longer than a single row. */
const STRETCH = 1.25;

/** The most rows of one run, up to `most`: as many as take 2 ms, or a quarter longer than one row alone. */
export function batchSize(cost: RunCost, most: number): number {
  return Math.max(1, cost.rowsWithin(Math.max(UNNOTICED_MS, STRETCH * cost.ms(1)), most));
}
