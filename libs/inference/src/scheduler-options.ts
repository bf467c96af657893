import type { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import type { Paddings } from './kind.ts';
import type { RunCost } from './run-cost.ts';

export interface SchedulerObserver {
  /** A run ended well: its rows (1 for a job that ran whole) and how long it took. */
  batchRun(rows: number, seconds: number): void;
  /** A job's first run began. */
  jobWaited(seconds: number): void;
}

export interface SchedulerOptions {
  /** Most rows of one run, or with `paddings` most of their elements; 1 where rows must not share a run. */
  readonly maxBatchSize: number;
  /**
   * Where it is given, rows are lists of different lengths, such as the tokens of texts: runs are measured, and bounded, by
   * the elements of one such input, and rows of nearly the same length share one, filled up behind with these values.
   */
  readonly paddings?: Paddings | undefined;
  /** How long a batch that is not full waits for more; 0 for not at all. */
  readonly maxBatchWaitMs: number;
  /**
   * How long a job may wait for its run, in milliseconds, by the pace of the latest runs; what would wait longer is
   * rejected at once. Two runs may wait however long they take.
   */
  readonly maxQueueMs: number;
  /** What runs cost by their size, as measured; without it the first run tells. */
  readonly cost?: RunCost | undefined;
  /** Bytes that jobs may hold until they are answered. */
  readonly maxQueuedBytes: number;
  /** Throws where inputs may not reach the model. */
  readonly guard?: ((inputs: Tensors) => void) | undefined;
  /** What a run failed of, where that is known; else the model failed. */
  readonly explain?: ((cause: unknown, inputs: Tensors) => NestorError | undefined) | undefined;
  readonly observer?: SchedulerObserver | undefined;
  /** Is told, once, that runs take longer than this by the pace of the latest ones. */
  readonly longRuns?: { readonly ms: number; readonly told: () => void } | undefined;
  /**
   * Where it is given, some rows of batches run again alone, when nothing else runs. It hears, once, why rows turned out to
   * affect each other; from then on each has a run of its own.
   */
  readonly onMixing?: ((reason: string) => void) | undefined;
}
