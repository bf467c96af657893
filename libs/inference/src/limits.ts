/** How long a run of so many rows took. */
export interface MeasuredRun {
  readonly rows: number;
  readonly ms: number;
}

export interface Limits {
  readonly maxBatchRows: number;
  readonly maxQueuedRows: number;
  /** Rows of requests longer than a batch that may wait; they wait apart. */
  readonly maxQueuedLongRows: number;
}

/** A wait that is lost among what a request costs anyway: below it, batches and queues need not be kept short. */
export const UNNOTICED_MS = 2;
/** A longer batch may take this much longer than a single row, no more. */
const STRETCH = 1.25;
/** A short burst is worth waiting for, on a slow model too: so many rows may wait where they drain within 0.4 seconds. */
const BURST_ROWS = 64;
const BURST_MS = 400;
/** Requests longer than a batch take long anyway. */
const LONG_BURST_MS = 500;
/** Each waiting request also holds its connection's memory, however fast the model is. */
const MOST_QUEUED_ROWS = 4096;

/**
 * Limits under which an overload is refused early, rather than answered late. A batch is as long as stays unnoticed (2 ms)
 * or costs little more than one row. What may wait is one batch for each concurrent run, or what drains unnoticed; besides,
 * a burst of 64 rows, as far as it drains within 0.4 seconds. Requests longer than a batch wait as long as they
 * drain within half a second. Where more comes than that, it is an overload: see `Overload`.
 *
 * @param measured runs of at least one size; between and beyond them time is taken to grow linearly
 * @param most the setting's `maxBatchRows` (never exceeded) and the instance's `concurrency`
 */
export function defaultLimits(
  measured: readonly MeasuredRun[],
  most: { maxBatchRows: number; concurrency: number },
): Limits {
  const allowed = Math.max(UNNOTICED_MS, STRETCH * runMs(measured, 1));
  let maxBatchRows = 1;
  while (maxBatchRows < most.maxBatchRows && runMs(measured, maxBatchRows + 1) <= allowed) maxBatchRows += 1;
  const atOnce = maxBatchRows * most.concurrency;
  const drainedWithin = (ms: number): number => Math.floor((atOnce * ms) / runMs(measured, maxBatchRows));
  const unnoticed = Math.min(drainedWithin(UNNOTICED_MS), MOST_QUEUED_ROWS);
  const burst = Math.min(drainedWithin(BURST_MS), BURST_ROWS);
  const maxQueuedRows = Math.max(atOnce, unnoticed, burst);
  return { maxBatchRows, maxQueuedRows, maxQueuedLongRows: Math.max(maxQueuedRows, drainedWithin(LONG_BURST_MS)) };
}

function runMs(measured: readonly MeasuredRun[], rows: number): number {
  const runs = measured.toSorted((one, other) => one.rows - other.rows);
  const above = runs.findIndex((run) => run.rows >= rows);
  const at = above === -1 ? runs.length - 1 : above;
  const high = runs[at]!;
  const low = runs[at - 1] ?? { rows: 0, ms: 0 };
  return low.ms + ((high.ms - low.ms) * (rows - low.rows)) / (high.rows - low.rows);
}
