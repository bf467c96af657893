import type { Bar } from '../charts/bar-chart.tsx';
import { niceCeiling } from '../charts/scale.ts';
import { formatNumber } from '../parts/number.ts';

/** How many predictions are kept for the histogram; later ones are only counted. */
const KEPT_NUMBERS = 1_000_000;
const KEPT_LABELS = 1000;
const BINS = 24;
/** All numbers share one bar if bars would be narrower than this part of their size, or than LEAST_NUMBER. */
const LEAST_SPREAD = 1e-9;
const LEAST_NUMBER = 1e-300;

/** Summarises the predictions of many rows in bounded memory. */
export class Tally {
  readonly labels = new Map<string, number>();
  readonly #numbers: number[] = [];
  #allNumbers: boolean;

  /** @param isQuantity whether predictions are amounts; labels may look like numbers */
  constructor(isQuantity: boolean) {
    this.#allNumbers = isQuantity;
  }

  add(answer: string): void {
    const number = Number(answer);
    if (answer === '' || !Number.isFinite(number)) this.#allNumbers = false;
    else if (this.#allNumbers && this.#numbers.length < KEPT_NUMBERS) this.#numbers.push(number);
    const known = this.labels.get(answer);
    if (known !== undefined || this.labels.size < KEPT_LABELS) this.labels.set(answer, (known ?? 0) + 1);
  }

  /** The predictions in order, if all are numbers. */
  sortedNumbers(): Float64Array | undefined {
    return this.#allNumbers && this.#numbers.length > 0 ? Float64Array.from(this.#numbers).sort() : undefined;
  }
}

/** A histogram with bins whose edges are round numbers; `sorted` is not empty. */
export function histogramBars(sorted: Float64Array): Bar[] {
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const spread = high / BINS - low / BINS;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (spread <= Math.max(size * LEAST_SPREAD, LEAST_NUMBER))
    return [{ label: formatNumber(low), count: sorted.length }];
  const width = niceCeiling(spread);
  const start = Math.floor(low / width);
  const counts = new Array<number>(Math.floor(high / width) - start + 1).fill(0);
  for (const value of sorted) counts[Math.floor(value / width) - start]! += 1;
  return counts.map((count, at) => {
    const from = (start + at) * width;
    return { label: `${formatNumber(from)} to ${formatNumber(from + width)}`, count };
  });
}
