import { RunCost } from './run-cost.ts';

/** The weight of earlier runs against the latest: some ten runs are remembered. */
const KEPT = 0.9;
/** A run counts for at most this many times its expected cost: a run that the machine delayed says nothing about the next. */
const MOST_SURPRISE = 4;

/** How fast a model runs now: the costs measured at load, corrected by the latest runs. */
export class Pace {
  #cost: RunCost | undefined;
  /** Decaying sums over the latest runs: milliseconds, and sizes. */
  #tookMs = 0;
  #expectedMs = 0;
  #ranSize = 0;
  #offeredSize = 0;

  /** @param measured what runs cost at load; without it the first run decides */
  constructor(measured?: RunCost) {
    this.#cost = measured;
  }

  /**
   * Learns from a run that ended.
   *
   * @param offered what waited when the run began, by size, as far as one run takes it: less runs where requests of
   * different shapes cannot share a batch
   */
  ran(size: number, offered: number, ms: number): void {
    this.#cost ??= new RunCost([[size, ms]]);
    this.#tookMs = KEPT * this.#tookMs + Math.min(ms, MOST_SURPRISE * this.ms(size));
    this.#expectedMs = KEPT * this.#expectedMs + this.#cost.ms(size);
    this.#ranSize = KEPT * this.#ranSize + size;
    this.#offeredSize = KEPT * this.#offeredSize + offered;
  }

  /** Milliseconds that a run of a size takes; 0 before the first measurement. */
  ms(size: number): number {
    const expected = this.#cost?.ms(size) ?? 0;
    return this.#expectedMs > 0 ? expected * (this.#tookMs / this.#expectedMs) : expected;
  }

  /** The size that the next run is likely to take from the queue; at least 1. */
  sizeOf(offered: number): number {
    return Math.max(1, this.#offeredSize > 0 ? offered * (this.#ranSize / this.#offeredSize) : offered);
  }
}
