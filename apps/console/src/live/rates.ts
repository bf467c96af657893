import { figuresOf, type Snapshot } from './figures.ts';
import { combine, EMPTY, type Histogram, mean, quantile } from './histogram.ts';

/** What happened between two snapshots; times in seconds. A member is undefined if there was no request. */
export interface Rates {
  readonly at: number;
  readonly requestsPerSecond: number;
  readonly failedPerSecond: number;
  readonly rowsPerSecond: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly rowsPerBatch: number | undefined;
  readonly queuedRows: number;
  readonly batchRows: Histogram;
}

/** What happened from `before` to `after`; undefined if another process answered, whose counters start from zero. */
export function ratesBetween(before: Snapshot, after: Snapshot, model?: string): Rates | undefined {
  const seconds = (after.at - before.at) / 1000;
  if (before.process !== after.process || seconds <= 0) return undefined;
  const [old, now] = [figuresOf(before, model), figuresOf(after, model)];
  // An unloaded model no longer has counters.
  if (now.requests < old.requests) return undefined;
  const latency = combine(now.latency, old.latency, -1);
  const batchRows = combine(now.batchRows, old.batchRows, -1);
  return {
    at: after.at,
    requestsPerSecond: (now.requests - old.requests) / seconds,
    failedPerSecond: (now.failed - old.failed) / seconds,
    rowsPerSecond: (now.rows - old.rows) / seconds,
    p50: quantile(latency, 0.5),
    p99: quantile(latency, 0.99),
    rowsPerBatch: mean(batchRows),
    queuedRows: now.queuedRows,
    batchRows,
  };
}

/** The rates from each snapshot to the next. */
export function series(history: readonly Snapshot[], model?: string): Rates[] {
  return history.slice(1).flatMap((after, at) => ratesBetween(history[at]!, after, model) ?? []);
}

/** The rates of the last `windowMs`, steady enough to read. */
export function recent(history: readonly Snapshot[], model: string | undefined, windowMs: number): Rates | undefined {
  const last = history.at(-1);
  if (last === undefined) return undefined;
  const first = history.find(({ at, process }) => at >= last.at - windowMs && process === last.process);
  return first === undefined || first === last ? undefined : ratesBetween(first, last, model);
}

/** All batches since the beginning of the history, or since the current process started. */
export function batchesOf(history: readonly Snapshot[], model?: string): Histogram {
  return series(history, model).reduce((all, { batchRows }) => combine(all, batchRows), EMPTY);
}
