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

/** What one window of a load showed. */
export interface Sample extends Answers {
  readonly seconds: number;
  /** Processor time of the server, all its processes and threads. */
  readonly cpuSeconds: number;
}

export interface Measurement {
  /** Right answers in the window. */
  readonly answered: number;
  readonly failed: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  /** Processor time of the server for each answer. */
  readonly cpuMicroseconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Connections are opened, and the first requests answered, before the window begins. */
const RAMP_MS = 250;
/** The load ends by itself where nobody stops it. */
const MARGIN_SECONDS = 10;
/** A server at rest uses less of a CPU than this; what it still works on when its callers have gone would burden the next. */
const REST = 0.1;
const REST_POLL_MS = 100;
const REST_POLLS = 50;

/**
 * Takes a window in the midst of a load: neither the opening of connections nor the requests cut off at the end are
 * counted. Ends when the server has come to rest.
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

/** All windows of one server and one load together. */
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

/** Enough for the compilers of all contenders to have done their work, as far as the time allows. */
const WARM_REQUESTS = 40_000;

/** Load without measuring. */
export async function warmUp(start: (extent: Extent) => Load, seconds: number): Promise<void> {
  await start({ seconds, requests: WARM_REQUESTS }).finished;
}
