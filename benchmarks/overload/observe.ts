import { setTimeout as sleep } from 'node:timers/promises';
import type { NestorProcess } from '../nestor-process.ts';
import { quantile } from '../statistics.ts';
import { houses } from '../wire.ts';

const PROBE_MS = 100;
/** Few readings, since reading the memory of a process blocks the client, which must send evenly. */
const MEMORY_MS = 1000;

/** Observations of a server besides the load: milliseconds of its answers, and bytes. */
export interface Seen {
  readonly livezMs: number[];
  /** A prediction of the small model. */
  readonly neighbourMs: number[];
  readonly rss: number[];
}

/** Requests /livez and a prediction of the small model, and reads memory, until it is told to stop. */
export async function observe(nestor: NestorProcess, over: AbortSignal): Promise<Seen> {
  const seen: Seen = { livezMs: [], neighbourMs: [], rss: [] };
  const time = async (path: string, init?: RequestInit): Promise<number> => {
    const began = performance.now();
    const response = await fetch(`${nestor.url}${path}`, init);
    await response.arrayBuffer();
    return response.ok ? performance.now() - began : Infinity;
  };
  const headers = { 'content-type': 'application/json' };
  const house = { method: 'POST', headers, body: JSON.stringify(houses(1)[0]) };
  let next = 0;
  while (!over.aborted) {
    seen.livezMs.push(await time('/livez'));
    seen.neighbourMs.push(await time('/models/housing/predict', house));
    if (performance.now() >= next) {
      seen.rss.push(nestor.usage().rssBytes / 1e6);
      next = performance.now() + MEMORY_MS;
    }
    await sleep(PROBE_MS);
  }
  return seen;
}

export interface Quantiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

export function quantiles(times: readonly number[]): Quantiles {
  const sorted = times.toSorted((one, other) => one - other);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), longestMs: sorted.at(-1) ?? Number.NaN };
}
