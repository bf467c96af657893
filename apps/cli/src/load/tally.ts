import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Answer, Witness } from './traffic.ts';

/** The results of requests over a period of time. */
export interface Figures {
  readonly seconds: number;
  readonly answered: number;
  readonly perSecond: number;
  readonly failed: number;
  /** Counts by status code other than 2xx, or by the reason why there was no response. */
  readonly errors: Readonly<Record<string, number>>;
  /** Responses by pod; empty if the server does not name its pod. */
  readonly servedBy: Readonly<Record<string, number>>;
  /** Latencies in milliseconds; null without a response. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The header with the pod's name. */
const SERVED_BY = 'x-served-by';

/** Counts the results of requests in constant memory. */
export class Tally implements Witness {
  #begun = performance.now();
  #answered = 0;
  #failed = 0;
  readonly #errors = new Map<string, number>();
  readonly #servedBy = new Map<string, number>();
  /** In microseconds. */
  readonly #latencies: RecordableHistogram = createHistogram();

  answer({ status, headers, milliseconds }: Answer): void {
    this.#answered += 1;
    this.#latencies.record(Math.max(1, Math.round(milliseconds * 1000)));
    const servedBy = headers[SERVED_BY];
    if (typeof servedBy === 'string') count(this.#servedBy, servedBy);
    if (status < 200 || status > 299) this.failure(`${status}`);
  }

  failure(reason: string): void {
    this.#failed += 1;
    count(this.#errors, reason);
  }

  get figures(): Figures {
    const seconds = (performance.now() - this.#begun) / 1000;
    const at = (percentile: number): number | null =>
      this.#latencies.count === 0 ? null : this.#latencies.percentile(percentile) / 1000;
    return {
      seconds,
      answered: this.#answered,
      perSecond: this.#answered / seconds,
      failed: this.#failed,
      errors: Object.fromEntries(this.#errors),
      servedBy: Object.fromEntries([...this.#servedBy].sort(([one], [other]) => (one < other ? -1 : 1))),
      p50: at(50),
      p90: at(90),
      p99: at(99),
      max: this.#latencies.count === 0 ? null : this.#latencies.max / 1000,
    };
  }

  /** Starts a new period. */
  reset(): void {
    this.#begun = performance.now();
    this.#answered = 0;
    this.#failed = 0;
    this.#errors.clear();
    this.#servedBy.clear();
    this.#latencies.reset();
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
