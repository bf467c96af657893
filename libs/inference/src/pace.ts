import { RunCost } from './run-cost.ts';

/** The weight of earlier runs against the latest: some ten runs are remembered. */
const KEPT = 0.9;
/** A run counts for so many times what was expected, no more: one that the machine held up says nothing of the next. */
const MOST_SURPRISE = 4;

/** How fast a model runs now: what runs were measured to cost at load, corrected by what the latest runs took. */
export class Pace {
  #cost: RunCost | undefined;
  /** Sums over the latest runs, which fade: milliseconds, and rows. */
  #tookMs = 0;
  #expectedMs = 0;
  #ranRows = 0;
  #offeredRows = 0;

  /** @param measured what runs cost at load; without it the first run tells */
  constructor(measured?: RunCost) {
    this.#cost = measured;
  }

  /**
   * Learns from a run that ended.
   *
   * @param offered the rows that waited when the run began, as far as one run takes them: fewer run where requests of
   * different shapes cannot share a batch
   */
  ran(rows: number, offered: number, ms: number): void {
    this.#cost ??= new RunCost([[rows, ms]]);
    this.#tookMs = KEPT * this.#tookMs + Math.min(ms, MOST_SURPRISE * this.ms(rows));
    this.#expectedMs = KEPT * this.#expectedMs + this.#cost.ms(rows);
    this.#ranRows = KEPT * this.#ranRows + rows;
    this.#offeredRows = KEPT * this.#offeredRows + offered;
  }

  /** Milliseconds that a run of `rows` rows takes; 0 while nothing is known. */
  ms(rows: number): number {
    const expected = this.#cost?.ms(rows) ?? 0;
    return this.#expectedMs > 0 ? expected * (this.#tookMs / this.#expectedMs) : expected;
  }

  /** Of the rows that wait, how many the next run is likely to take; at least 1. */
  rowsOf(offered: number): number {
    return Math.max(1, this.#offeredRows > 0 ? offered * (this.#ranRows / this.#offeredRows) : offered);
  }
}
