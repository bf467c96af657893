import type { Tensors } from '#tensor';
import type { BatchingMode } from './instance.ts';
import type { RunCost } from './run-cost.ts';

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
  /**
   * How long a job may wait for its run, in milliseconds, by the pace of the latest runs; what would wait longer is
   * rejected at once. Two runs may wait however long they take.
   */
  readonly maxQueueMs: number;
  /** What runs cost, as measured; without it the first run tells. */
  readonly cost?: RunCost | undefined;
  /** Bytes that jobs may hold until they are answered. */
  readonly maxQueuedBytes: number;
  /** Throws where inputs may not reach the model. */
  readonly guard?: (inputs: Tensors) => void;
  readonly observer?: SchedulerObserver;
}
