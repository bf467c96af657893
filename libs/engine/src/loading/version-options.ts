import type { Manifest } from '#models';
import type { RequestLimits } from '../request.ts';
import { workersFor } from './execution.ts';

const DEFAULT_MAX_QUEUED_BYTES = 64 * 2 ** 20;

/** What the settings say of every model; a manifest goes before them. */
export interface VersionOptions {
  /** Most rows of one request. */
  readonly maxRows: number;
  /** The longest that a request may take. */
  readonly requestTimeoutSeconds: number;
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
  /** How long a request may wait for its run; what would wait longer is rejected at once. */
  readonly maxQueueMs: number;
  /** How long a version may take to be tried in a process of its own. */
  readonly loadTimeoutSeconds: number;
  /** Without it: 64 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  readonly execution: 'auto' | 'inline' | 'pool';
  readonly intraOpThreads: number;
  /** Without it: as many as the CPU limit allows. */
  readonly workers?: number | undefined;
}

/** What holds for a version where neither its manifest nor anybody else says otherwise: the settings' defaults. */
export const DEFAULT_VERSION_OPTIONS: VersionOptions = {
  maxRows: 10_000,
  requestTimeoutSeconds: 30,
  maxBatchRows: 256,
  maxBatchWaitMs: 0,
  maxQueueMs: 250,
  loadTimeoutSeconds: 120,
  execution: 'auto',
  intraOpThreads: 1,
};

export type Where = 'inline' | 'pool';

/** The settings, with what the manifest says in their place. */
export interface ResolvedOptions {
  readonly where: 'auto' | Where;
  readonly intraOpThreads: number;
  readonly workers: number;
  /** Whether somebody asked for as many workers, whatever memory they take. */
  readonly workersAsked: boolean;
  /** Without `emptyDimensions` the graph tells. */
  readonly limits: Omit<RequestLimits, 'emptyDimensions'> & Partial<Pick<RequestLimits, 'emptyDimensions'>>;
  readonly mostBatchRows: number;
  readonly maxBatchWaitMs: number;
  readonly maxQueueMs: number;
  readonly maxQueuedBytes: number;
}

/** @param cpus the CPUs that may be used */
export function resolveOptions(
  { execution = {}, batching = {}, limits = {} }: Manifest,
  options: VersionOptions,
  cpus: number,
): ResolvedOptions {
  const intraOpThreads = execution.intraOpThreads ?? options.intraOpThreads;
  const workers = execution.workers ?? options.workers;
  return {
    where: execution.where ?? options.execution,
    intraOpThreads,
    workers: workers ?? workersFor(cpus, intraOpThreads),
    workersAsked: workers !== undefined,
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
