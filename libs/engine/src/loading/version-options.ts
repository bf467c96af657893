import type { Manifest } from '#models';
import type { RequestLimits } from '../request.ts';
import { workersFor } from './execution.ts';

const DEFAULT_MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** The settings for every model; a manifest overrides them. */
export interface VersionOptions {
  /** The maximum rows of one request. */
  readonly maxRows: number;
  /** The longest that a request may take. */
  readonly requestTimeoutSeconds: number;
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
  /**
   * How long a request may wait for its run; one that would wait longer is rejected at once. Default: 250 ms, for texts
   * 2 s.
   */
  readonly maxQueueMs?: number | undefined;
  /** The time limit for the trial of a version in a separate process. */
  readonly loadTimeoutSeconds: number;
  /** Default: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  readonly execution: 'auto' | 'inline' | 'pool';
  /** Default: 1; for texts one per CPU, at most 4. */
  readonly intraOpThreads?: number | undefined;
  /** Default: as many as the CPU limit allows. */
  readonly workers?: number | undefined;
}

/** The options of a version without any in its manifest or from the caller: the settings' defaults. */
export const DEFAULT_VERSION_OPTIONS: VersionOptions = {
  maxRows: 10_000,
  requestTimeoutSeconds: 30,
  maxBatchRows: 256,
  maxBatchWaitMs: 0,
  loadTimeoutSeconds: 120,
  execution: 'auto',
};

export type Where = 'inline' | 'pool';

/** The settings, overridden by the manifest. */
export interface ResolvedOptions {
  readonly where: 'auto' | Where;
  /** Undefined if no number is set; the model then decides, see `settle`. */
  readonly intraOpThreads: number | undefined;
  readonly workers: number | undefined;
  /** Without `emptyDimensions`, the graph decides. */
  readonly limits: Omit<RequestLimits, 'emptyDimensions'> & Partial<Pick<RequestLimits, 'emptyDimensions'>>;
  readonly mostBatchRows: number;
  readonly maxBatchWaitMs: number;
  readonly maxQueueMs: number | undefined;
  readonly maxQueuedBytes: number;
}

/** All options of a version's load. */
export interface SettledOptions extends ResolvedOptions {
  readonly intraOpThreads: number;
  readonly workers: number;
  readonly maxQueueMs: number;
}

export function resolveOptions(
  { execution = {}, batching = {}, limits = {} }: Manifest,
  options: VersionOptions,
): ResolvedOptions {
  return {
    where: execution.where ?? options.execution,
    intraOpThreads: execution.intraOpThreads ?? options.intraOpThreads,
    workers: execution.workers ?? options.workers,
    limits: {
      maxRows: limits.maxRows ?? options.maxRows,
      timeoutMs: Math.min(options.requestTimeoutSeconds, limits.timeoutSeconds ?? Infinity) * 1000,
      ...(limits.emptyDimensions !== undefined && { emptyDimensions: limits.emptyDimensions }),
    },
    mostBatchRows: batching.maxRows ?? options.maxBatchRows,
    maxBatchWaitMs: batching.maxWaitMs ?? options.maxBatchWaitMs,
    maxQueueMs: limits.maxQueueMs ?? options.maxQueueMs,
    maxQueuedBytes: limits.maxQueuedBytes ?? options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES,
  };
}

/** How long a request may wait for its run. */
export const DEFAULT_QUEUE_MS = 250;
/** Runs of texts are long, so that a shorter limit would reject all but a few dozen requests. */
const TEXT_QUEUE_MS = 2000;
/** More threads than this hardly shorten the run of a text. */
const MOST_TEXT_THREADS = 4;

/**
 * Sets the missing options by what the model takes. A single text should use all CPUs, so a run of a model of tokens has
 * several threads, and there are as many workers as there are CPUs for such runs.
 *
 * @param takesTokens whether the model takes the tokens of texts
 * @param cpus the CPUs that may be used
 */
export function settle(options: ResolvedOptions, takesTokens: boolean, cpus: number): SettledOptions {
  const threads = takesTokens ? Math.max(1, Math.min(MOST_TEXT_THREADS, Math.floor(cpus))) : 1;
  const intraOpThreads = options.intraOpThreads ?? threads;
  return {
    ...options,
    intraOpThreads,
    workers: options.workers ?? workersFor(cpus, intraOpThreads),
    maxQueueMs: options.maxQueueMs ?? (takesTokens ? TEXT_QUEUE_MS : DEFAULT_QUEUE_MS),
  };
}
