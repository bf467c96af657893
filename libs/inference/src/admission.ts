import { NestorError } from '#errors';
import { Pace } from './pace.ts';
import type { Lanes } from './queue.ts';
import type { SchedulerOptions } from './scheduler-options.ts';

const LEAST_RETRY_SECONDS = 1;
const MOST_RETRY_SECONDS = 30;
/** This many runs may always wait, however long they take; otherwise a slow model would take one request at a time. */
const RUNS_THAT_MAY_WAIT = 2;

/** A run under way. */
export interface UnderWay {
  readonly began: number;
  readonly size: number;
}

type Bounds = Pick<SchedulerOptions, 'maxQueueMs' | 'maxQueuedBytes'>;

/**
 * Decides who may wait, by one rule: a request that would start later than `maxQueueMs` from now is rejected, unless no
 * more than two runs are ahead of it. When it would start follows from what waits, by size, and from the pace of the latest
 * runs. It keeps nothing about rejected requests: however often their callers return, others are not affected. It
 * also bounds bytes, only to protect memory.
 */
export class Admission {
  readonly pace: Pace;
  /** The largest size of one run. */
  maxBatchSize: number;
  readonly #bounds: Bounds;
  /** Runs that may be under way at once. */
  concurrency: number;

  constructor(pace: Pace, maxBatchSize: number, bounds: Bounds, concurrency: number) {
    this.pace = pace;
    this.maxBatchSize = maxBatchSize;
    this.#bounds = bounds;
    this.concurrency = concurrency;
  }

  /**
   * Why a new job must not wait; undefined if it may.
   *
   * @param bytes that it would hold, besides the `heldBytes` of jobs without an answer yet. A job that exceeds the bound on
   * its own is admitted if no other job holds bytes; otherwise "try again" would never help
   */
  refusal(
    lanes: Lanes,
    underWay: Iterable<UnderWay>,
    bytes: number,
    heldBytes: number,
    now: number,
  ): NestorError | undefined {
    const { maxQueuedBytes } = this.#bounds;
    if (heldBytes > 0 && heldBytes + bytes > maxQueuedBytes) {
      const detail = `Requests under way hold ${heldBytes} bytes of tensors, and this one has ${bytes}: together more than ${maxQueuedBytes}.`;
      return new NestorError('QUEUE_FULL', detail, { retryAfterSeconds: LEAST_RETRY_SECONDS });
    }
    return this.#tooLate(lanes, underWay, now);
  }

  #tooLate(lanes: Lanes, underWay: Iterable<UnderWay>, now: number): NestorError | undefined {
    const batchSize = this.pace.sizeOf(this.maxBatchSize);
    const ahead = runsAhead(lanes, batchSize);
    if (ahead === 0) return undefined;
    let runMs = this.pace.ms(batchSize);
    let restMs = 0;
    for (const { began, size } of underWay) {
      restMs += Math.max(0, began + this.pace.ms(size) - now);
      // A late run, or the first run of a model without a measurement, shows by itself how long runs take.
      runMs = Math.max(runMs, now - began);
    }
    const waitMs = (restMs + ahead * runMs) / this.concurrency;
    const mostMs = Math.max(this.#bounds.maxQueueMs, RUNS_THAT_MAY_WAIT * runMs);
    if (waitMs <= mostMs) return undefined;
    const detail = `The request would wait ${Math.round(waitMs)} ms for its run; it may wait ${Math.round(mostMs)} ms.`;
    return new NestorError('QUEUE_FULL', detail, { retryAfterSeconds: retryAfter(waitMs - mostMs) });
  }
}

/** Whole runs before a job that joins a lane: its own lane's and, as the lanes take turns, as many of the other's. */
function runsAhead({ own, other }: Lanes, batchSize: number): number {
  const before = Math.floor(own / batchSize);
  return before + Math.min(other === 0 ? 0 : before + 1, Math.ceil(other / batchSize));
}

/** Seconds until a request would be admitted, if no others arrive. */
function retryAfter(ms: number): number {
  return Math.min(MOST_RETRY_SECONDS, Math.max(LEAST_RETRY_SECONDS, Math.ceil(ms / 1000)));
}
