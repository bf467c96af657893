import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';
import { quantile } from './statistics.ts';

/** What was answered while a window was open. */
export interface Answers {
  readonly latenciesMs: readonly number[];
  /** Answers that are errors, and requests without an answer. */
  readonly failed: number;
}

/** How long a load lasts: so many seconds or requests, whichever is less. */
export interface Extent {
  readonly seconds: number;
  readonly requests?: number;
}

/** A closed loop under way: each of its callers sends its next request when it has its answer. */
export interface Load {
  readonly finished: Promise<unknown>;
  /** From now on answers are counted. */
  open(): void;
  close(): Promise<Answers>;
  stop(): void;
}

export interface Measurement {
  /** Right answers in the window. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  /** Processor time of the server, all its processes and threads, for each answer. */
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Connections are opened, and the first requests answered, before the window begins. */
const RAMP_MS = 250;
/** The load ends by itself where nobody stops it. */
const MARGIN_SECONDS = 10;

/**
 * Measures a window in the midst of a load: neither the opening of connections nor the requests cut off at the end are
 * counted.
 */
export async function measure(
  server: ServerProcess,
  start: (extent: Extent) => Load,
  seconds: number,
): Promise<Measurement> {
  const load = start({ seconds: RAMP_MS / 1000 + seconds + MARGIN_SECONDS });
  await sleep(RAMP_MS);
  const [cpuBefore, begun] = [server.usage().cpuSeconds, performance.now()];
  load.open();
  await sleep(seconds * 1000);
  const closing = load.close();
  const [cpuAfter, ended] = [server.usage().cpuSeconds, performance.now()];
  const { latenciesMs, failed } = await closing;
  load.stop();
  await load.finished;
  const took = (ended - begun) / 1000;
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return {
    answered: sorted.length,
    failed,
    seconds: took,
    requestsPerSecond: sorted.length / took,
    cpuMicroseconds: ((cpuAfter - cpuBefore) * 1e6) / sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

/** Enough for the compilers of all contenders to have done their work, as far as the time allows. */
const WARM_REQUESTS = 20_000;

/** Load without measuring. */
export async function warmUp(start: (extent: Extent) => Load, seconds: number): Promise<void> {
  await start({ seconds, requests: WARM_REQUESTS }).finished;
}
