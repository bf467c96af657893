/** Counts of observations by size: `counts[i]` for those up to `bounds[i]` in no earlier one. The last is infinite. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

export const EMPTY: Histogram = { bounds: [], counts: [], sum: 0 };

export const total = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

/** The sum of two histograms with the same bounds; with `sign` -1, their difference. */
export function combine(a: Histogram, b: Histogram, sign: 1 | -1 = 1): Histogram {
  if (a.bounds.length === 0 && sign === 1) return b;
  const counts = a.counts.map((count, at) => count + sign * (b.counts[at] ?? 0));
  return { bounds: a.bounds, counts, sum: a.sum + sign * b.sum };
}

/** The mean of the observations; undefined if there are none. */
export function mean(histogram: Histogram): number | undefined {
  const count = total(histogram);
  return count === 0 ? undefined : histogram.sum / count;
}

/**
 * The value below which a share of the observations is, as Prometheus' `histogram_quantile` estimates it: linear within
 * its bucket. Undefined if there are none; at most the highest finite bound.
 */
export function quantile({ bounds, counts }: Histogram, share: number): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let below = 0;
  for (const [at, count] of counts.entries()) {
    if (count > 0 && below + count >= share * all) {
      const lower = at === 0 ? 0 : bounds[at - 1]!;
      const upper = bounds[at]!;
      return upper === Infinity ? lower : lower + ((upper - lower) * (share * all - below)) / count;
    }
    below += count;
  }
  return undefined;
}
