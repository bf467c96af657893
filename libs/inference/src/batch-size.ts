import type { RunCost } from './run-cost.ts';

/** A run so short that its length does not matter beside what a request costs anyway. */
const UNNOTICED_MS = 2;
/** A longer batch may take this much longer than a single row, no more. */
const STRETCH = 1.25;

/** The most rows of one run, up to `most`: as many as take 2 ms, or a quarter longer than one row alone. */
export function batchSize(cost: RunCost, most: number): number {
  return Math.max(1, cost.rowsWithin(Math.max(UNNOTICED_MS, STRETCH * cost.ms(1)), most));
}
