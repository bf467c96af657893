import { quantile } from '../statistics.ts';

/** What a contender did in some seconds. */
export interface Window {
  readonly perSecond: number;
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly megabytes: number;
}

/** @param times how long each answer took, in milliseconds @param cpuMs of all of them */
export function windowOf(times: readonly number[], seconds: number, cpuMs: number, peakBytes: number): Window {
  const sorted = times.toSorted((one, other) => one - other);
  return {
    perSecond: times.length / seconds,
    cpuMs: cpuMs / times.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    megabytes: peakBytes / 1e6,
  };
}
