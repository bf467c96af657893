import autocannon, { type Instance } from 'autocannon';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';
import { quantile } from './statistics.ts';
import { houses } from './wire.ts';

/** What one contender is asked to do at a time. */
export interface Cell {
  readonly rows: number;
  readonly connections: number;
}

export interface Measurement {
  /** Answers with status 200 in the window. */
  readonly answered: number;
  /** Answers with any other status, and requests without an answer. */
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

/**
 * Keeps a number of connections busy, each sending its next request when it has its answer, and measures a window in the
 * midst of it: neither the opening of connections nor the requests cut off at the end are counted.
 */
export async function measure(
  server: ServerProcess,
  { rows, connections }: Cell,
  seconds: number,
): Promise<Measurement> {
  const { load, finished } = startLoad(server, rows, connections, RAMP_MS / 1000 + seconds + 5);
  const latencies: number[] = [];
  let [open, failed] = [false, 0];
  load.on('response', (_client, status, _bytes, milliseconds) => {
    if (!open) return;
    if (status === 200) latencies.push(milliseconds);
    else failed += 1;
  });
  load.on('reqError', () => (failed += open ? 1 : 0));
  await sleep(RAMP_MS);
  const [cpuBefore, begun] = [server.usage().cpuSeconds, performance.now()];
  open = true;
  await sleep(seconds * 1000);
  open = false;
  const [cpuAfter, ended] = [server.usage().cpuSeconds, performance.now()];
  load.stop();
  await finished;
  const took = (ended - begun) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    answered: latencies.length,
    failed,
    seconds: took,
    requestsPerSecond: latencies.length / took,
    cpuMicroseconds: ((cpuAfter - cpuBefore) * 1e6) / latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

/** Enough for the compilers of all contenders to have done their work, as far as the time allows. */
const WARM_REQUESTS = 20_000;

/** Load without measuring, for a number of requests or so many seconds, whichever is less. */
export async function warmUp(server: ServerProcess, { rows, connections }: Cell, seconds: number): Promise<void> {
  const { load, finished } = startLoad(server, rows, connections, seconds);
  let answers = 0;
  load.on('response', () => {
    answers += 1;
    if (answers === WARM_REQUESTS) load.stop();
  });
  await finished;
}

interface Load {
  readonly load: Instance;
  readonly finished: Promise<unknown>;
}

function startLoad(server: ServerProcess, rows: number, connections: number, duration: number): Load {
  const options = {
    url: server.url(rows),
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body: server.contender.wire.encode(houses(rows)),
    connections,
    duration,
    timeout: 60,
    sampleInt: 100,
  };
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const load = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
  return { load, finished: promise };
}
