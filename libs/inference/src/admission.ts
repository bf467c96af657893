export interface AdmissionBounds {
  readonly maxQueuedBytes: number;
}

/** Where a job would wait: the rows that are there already, and how many there may be. */
export interface Lane {
  readonly waitingRows: number;
  readonly maxRows: number;
}

const LEAST_RETRY_SECONDS = 1;
const MOST_RETRY_SECONDS = 30;
/** The weight of the latest run in the running mean: some ten runs are remembered. */
const LATEST = 0.1;

/**
 * Decides who may wait. Rows count while they wait, bytes until their job is answered. A job larger than a bound is
 * admitted where nothing is in its way: else it could never be served, and "try again" would be a lie.
 */
export class Admission {
  readonly #bounds: AdmissionBounds;
  #msPerRow = 0;
  #runMs = 0;

  constructor(bounds: AdmissionBounds) {
    this.#bounds = bounds;
  }

  admits(rows: number, bytes: number, lane: Lane, heldBytes: number): boolean {
    const { maxQueuedBytes } = this.#bounds;
    return (
      (lane.waitingRows === 0 || lane.waitingRows + rows <= lane.maxRows) &&
      (heldBytes === 0 || heldBytes + bytes <= maxQueuedBytes)
    );
  }

  /** Learns from a run how fast the queue drains. */
  ran(rows: number, ms: number): void {
    this.#msPerRow = mean(this.#msPerRow, ms / rows);
    this.#runMs = mean(this.#runMs, ms);
  }

  /** What a run took lately; 0 before the first one. */
  get runMs(): number {
    return this.#runMs;
  }

  /** How fast rows were answered lately; Infinity before the first run. */
  rowsPerMs(concurrency: number): number {
    return concurrency / this.#msPerRow;
  }

  /** Whole seconds in which so many rows drain, 1 to 30. */
  retryAfterSeconds(waitingRows: number, concurrency: number): number {
    const seconds = Math.ceil(waitingRows / this.rowsPerMs(concurrency) / 1000);
    return Math.min(MOST_RETRY_SECONDS, Math.max(LEAST_RETRY_SECONDS, seconds));
  }
}

function mean(before: number, latest: number): number {
  return before === 0 ? latest : before + LATEST * (latest - before);
}
