import type { BatchingMode } from './instance.ts';

export interface SchedulerObserver {
  /** A run ended well: its rows (requests, where they run alone) and how long it took. */
  batchRun(rows: number, seconds: number): void;
  /** A job's first run began. */
  jobWaited(seconds: number): void;
}

export interface SchedulerOptions {
  readonly mode: BatchingMode;
  /** Rows of one run at most; one where the mode is not `batched`. */
  readonly maxBatchRows: number;
  /** How long a batch that is not full waits for more; 0 for not at all. */
  readonly maxBatchWaitMs: number;
  /** Rows that may wait. */
  readonly maxQueuedRows: number;
  /** Rows of requests longer than a batch that may wait; they wait apart. Default: as many as `maxQueuedRows`. */
  readonly maxQueuedLongRows?: number;
  /**
   * What a row takes alone, in milliseconds. With it, overload is told from bursts: while it lasts, only those are let in who
   * wait no more than half of that. Without it, `maxQueuedRows` may wait whatever comes.
   */
  readonly aloneMs?: number;
  /** Bytes that jobs may hold until they are answered. */
  readonly maxQueuedBytes: number;
  readonly observer?: SchedulerObserver;
}
