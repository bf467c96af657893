import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';
import { quantile } from './statistics.ts';

/** The answers while a window was open. */
export interface Answers {
  readonly latenciesMs: readonly number[];
  /** Answers that are errors, and requests without an answer. */
  readonly failed: number;
}

/** How long a load lasts: a number of seconds or requests, whichever is reached first. */
export interface Extent {
  readonly seconds: number;
  readonly requests?: number;
}

/** A running closed loop: each caller sends its next request when it has its answer. */
export interface Load {
  readonly finished: Promise<unknown>;
  /** Starts counting answers. */
  open(): void;
  close(): Promise<Answers>;
  stop(): void;
}

/** The result of one window of a load. */
export interface Sample extends Answers {
  readonly seconds: number;
  /** CPU time of all the server's processes and threads. */
  readonly cpuSeconds: number;
}

export interface Measurement {
  /** Correct answers in the window. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  /** CPU time of the server per answer. */
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Connections are opened, and the first requests answered, before the window begins. */
const RAMP_MS = 250;
/** Without a stop, the load ends by itself after this much longer. */
const MARGIN_SECONDS = 10;
/** An idle server uses less of a CPU than this. Leftover work would slow down the next server. */
const REST = 0.1;
const REST_POLL_MS = 100;
const REST_POLLS = 50;

/**
 * Measures a window in the middle of a load, without the opening of connections and the requests cut off at the end.
 * Ends when the server is idle.
 */
export async function sample(server: ServerProcess, start: (extent: Extent) => Load, seconds: number): Promise<Sample> {
  const load = start({ seconds: RAMP_MS / 1000 + seconds + MARGIN_SECONDS });
  await sleep(RAMP_MS);
  const [cpuBefore, begun] = [server.usage().cpuSeconds, performance.now()];
  load.open();
  await sleep(seconds * 1000);
  const closing = load.close();
  const [cpuAfter, ended] = [server.usage().cpuSeconds, performance.now()];
  const answers = await closing;
  load.stop();
  await load.finished;
  await rest(server);
  return { ...answers, seconds: (ended - begun) / 1000, cpuSeconds: cpuAfter - cpuBefore };
}

/** Combines all windows of one server and one load. */
export function summarise(samples: readonly Sample[]): Measurement {
  const sum = (figure: (sample: Sample) => number): number => samples.reduce((so, one) => so + figure(one), 0);
  const sorted = samples.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
  const seconds = sum((one) => one.seconds);
  return {
    answered: sorted.length,
    failed: sum((one) => one.failed),
    seconds,
    requestsPerSecond: sorted.length / seconds,
    cpuMicroseconds: (sum((one) => one.cpuSeconds) * 1e6) / sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}

async function rest(server: ServerProcess): Promise<void> {
  for (let poll = 0; poll < REST_POLLS; poll += 1) {
    const before = server.usage().cpuSeconds;
    await sleep(REST_POLL_MS);
    if (server.usage().cpuSeconds - before <= (REST * REST_POLL_MS) / 1000) return;
  }
}

/** Enough for the compilers of all contenders, as far as the time allows. */
const WARM_REQUESTS = 40_000;

/** A load without measurement. */
export async function warmUp(start: (extent: Extent) => Load, seconds: number): Promise<void> {
  await start({ seconds, requests: WARM_REQUESTS }).finished;
}
