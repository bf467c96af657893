import type { RunCost } from '#inference';
import { inMiB } from './memory-limit.ts';

/** A worker's round trip costs about 0.1 ms of CPU time, and is not worth it for a shorter run than this. */
const SHORT_RUN_MS = 0.3;
/** Batching saves little with fewer rows than this. The number is low, since workers cost memory and start-up time. */
const WORTHWHILE_ROWS = 4;
/** The longest run that may block the event loop. */
export const LONGEST_INLINE_MS = 1;
/** If recent runs on the event loop take longer, ten times the plan, the version moves to the pool. */
export const LONGEST_SERVED_INLINE_MS = 10 * LONGEST_INLINE_MS;
/** The maximum number of workers, each of which has a copy of the model. */
const MAX_WORKERS = 8;
/** The share of all memory that copies of one model may take. */
const COPIES_SHARE = 0.25;
/** How much larger a copy is in memory than on disk: 8-bit weights are unpacked, and rearranged for the CPU. */
const COPY_FACTOR = 5;

export interface ExecutionWish {
  readonly where: 'auto' | 'inline' | 'pool';
  readonly intraOpThreads: number;
  readonly workers: number;
  /** The maximum rows of one run; 1 if the model takes only one. */
  readonly maxRows: number;
  /** Why the cost is not known. */
  readonly unmeasured?: string;
  /** Why there are fewer workers than CPUs. */
  readonly fewer?: string | undefined;
}

/** Where a model's runs take place, and why: a sentence for people. */
export interface Execution {
  readonly where: 'inline' | 'pool';
  readonly workers: number;
  readonly intraOpThreads: number;
  readonly reason: string;
}

export interface ExecutionPlan extends Execution {
  /** The maximum rows of a run that do not block the event loop; in the pool, the requested number. */
  readonly maxRows: number;
}

/** As many workers as whole CPUs for their threads. The event loop needs little CPU time if runs are long. */
export function workersFor(cpus: number, intraOpThreads: number): number {
  return Math.min(MAX_WORKERS, Math.max(1, Math.floor(cpus / intraOpThreads)));
}

/** How many workers there are, and why fewer than CPUs. */
export interface Workers {
  readonly workers: number;
  readonly fewer?: string;
}

/**
 * The requested number of workers, or fewer if copies of the model would take too much memory.
 *
 * @param size bytes of the model
 * @param memory bytes that the process may use
 */
export function affordableWorkers(wished: number, size: number, memory: number): Workers {
  const workers = Math.max(1, Math.min(wished, Math.floor((COPIES_SHARE * memory) / (COPY_FACTOR * size))));
  if (workers === wished) return { workers };
  const fewer = `${workers} worker(s) instead of ${wished}, as each may hold ${inMiB(COPY_FACTOR * size)} of a memory limit of ${inMiB(memory)}`;
  return { workers, fewer };
}

/**
 * Decides where runs take place and how many rows one run may have, from what runs cost.
 *
 * Inline if a worthwhile batch takes less than 0.3 ms, which a worker's round trip would not be worth. In the pool if a
 * single row takes over 1 ms, since probes and other models must not wait for it. In between, the pool helps only with
 * a second CPU; on one CPU, runs stay inline, limited to 1 ms each.
 *
 * @param cost undefined if the model could not be measured; it may be slow, so it goes to the pool
 */
export function planExecution(wish: ExecutionWish, cost: RunCost | undefined, cpus: number): ExecutionPlan {
  const { maxRows, intraOpThreads } = wish;
  const inline = (reason: string, longestMs = LONGEST_INLINE_MS): ExecutionPlan => {
    const rows = cost === undefined ? maxRows : Math.max(1, cost.rowsWithin(longestMs, maxRows));
    return { where: 'inline', workers: 0, intraOpThreads, reason, maxRows: rows };
  };
  const pool = (reason: string): ExecutionPlan => {
    const why = wish.fewer === undefined ? reason : `${reason}; ${wish.fewer}`;
    return { where: 'pool', workers: wish.workers, intraOpThreads, reason: why, maxRows };
  };

  if (cost === undefined) return (wish.where === 'inline' ? inline : pool)(`not measured: ${wish.unmeasured}`);
  const took = (rows: number): string => {
    const shown = Math.min(rows, cost.measuredRows);
    return `one row takes ${inMs(cost.ms(1))}${shown > 1 ? `, ${shown} rows ${inMs(cost.ms(shown))}` : ''}`;
  };
  if (wish.where === 'inline') return inline(`asked for; ${took(maxRows)}`);
  if (wish.where === 'pool') return pool(`asked for; ${took(maxRows)}`);
  const shortRows = cost.rowsWithin(SHORT_RUN_MS, maxRows);
  if (shortRows >= Math.min(WORTHWHILE_ROWS, maxRows)) {
    return inline(`${took(shortRows)}: less than a worker's round trip is worth`, SHORT_RUN_MS);
  }
  if (cost.ms(1) > LONGEST_INLINE_MS) return pool(`${took(maxRows)}: too long for the event loop`);
  if (cpus >= 2) return pool(`${took(maxRows)}: long enough for another CPU to be worth a worker's round trip`);
  return inline(`${took(1)}: short enough for the event loop, and there is no second CPU for a worker`);
}

function inMs(ms: number): string {
  return `${ms < 10 ? Number(ms.toPrecision(2)) : Math.round(ms)} ms`;
}
