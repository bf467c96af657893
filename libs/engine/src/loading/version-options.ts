import type { Manifest } from '#models';
import type { RequestLimits } from '../request.ts';
import { workersFor } from './execution.ts';

const DEFAULT_MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** The settings for every model; a manifest overrides them. */
export interface VersionOptions {
  /** Most rows of one request. */
  readonly maxRows: number;
  /** The longest that a request may take. */
  readonly requestTimeoutSeconds: number;
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
  /** How long a request may wait for its run; what would wait longer is rejected at once. Without it: 250 ms, for texts 2 s. */
  readonly maxQueueMs?: number | undefined;
  /** How long a version may take to be tried in a process of its own. */
  readonly loadTimeoutSeconds: number;
  /** Without it: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  readonly execution: 'auto' | 'inline' | 'pool';
  /** Without it: 1, for texts one for each CPU, 4 at the most. */
  readonly intraOpThreads?: number | undefined;
  /** Without it: as many as the CPU limit allows. */
  readonly workers?: number | undefined;
}

/** What holds for a version where neither its manifest nor anybody else says otherwise: the settings' defaults. */
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
  /** Undefined if nobody asked for a number: the model decides, see `settle`. */
  readonly intraOpThreads: number | undefined;
  readonly workers: number | undefined;
  /** Without `emptyDimensions` the graph tells. */
  readonly limits: Omit<RequestLimits, 'emptyDimensions'> & Partial<Pick<RequestLimits, 'emptyDimensions'>>;
  readonly mostBatchRows: number;
  readonly maxBatchWaitMs: number;
  readonly maxQueueMs: number | undefined;
  readonly maxQueuedBytes: number;
}

/** All that a version is loaded with. */
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
/** Runs of texts are long, and callers of such models patient: else a few dozen of them would be too many. */
const TEXT_QUEUE_MS = 2000;
/** More threads than this hardly shorten the run of a text. */
const MOST_TEXT_THREADS = 4;

/**
 * Fills in the options that nobody set, by what the model takes. A single text should use all CPUs: runs of a model of tokens have
 * several threads, and there are as many workers as such runs find CPUs.
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
