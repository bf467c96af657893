import { Agent, request } from 'node:http';
import { quantile } from './statistics.ts';

/** The request to send, and the number of open connections. */
export interface Call {
  readonly url: string;
  /** The same each time, or created for each request. */
  readonly body: string | Buffer | (() => string | Buffer);
  /** JSON's by default. */
  readonly contentType?: string;
  /** If all of them are busy, a request waits, and the wait counts. */
  readonly connections: number;
}

/** The result of one request. */
export interface Arrival {
  /** Undefined if the connection failed. */
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  /** From the sending of the request to the end of its answer. */
  readonly ms: number;
  /** How much later than planned it was sent. Only the client causes this, since nothing waits for an answer. */
  readonly lateMs: number;
}

export interface Outcome {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const TICK_MS = 1;

/** Each connection sends its next request when it has its answer, for this many seconds. Waits for every request. */
export async function sendInTurn(call: Call, seconds: number): Promise<readonly Arrival[]> {
  const agent = agentOf(call);
  const arrivals: Arrival[] = [];
  const end = performance.now() + seconds * 1000;
  const connection = async (): Promise<void> => {
    while (performance.now() < end) arrivals.push(await send(call, agent, performance.now()));
  };
  await Promise.all(Array.from({ length: call.connections }, connection));
  agent.destroy();
  return arrivals;
}

/**
 * Sends requests evenly at a constant rate, without waiting for earlier ones, as independent callers do. autocannon's
 * own rate sends each second's requests at its beginning.
 */
export async function sendEvenly(call: Call, perSecond: number, seconds: number): Promise<readonly Arrival[]> {
  const agent = agentOf(call);
  const total = Math.round(perSecond * seconds);
  const arrivals: Promise<Arrival>[] = [];
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.ceil(((performance.now() - began) / 1000) * perSecond));
      while (arrivals.length < due) arrivals.push(send(call, agent, began + (arrivals.length / perSecond) * 1000));
      if (arrivals.length < total) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const all = await Promise.all(arrivals);
  agent.destroy();
  return all;
}

/** Counts and latencies by status, within this many seconds; "none" is a request without an answer. */
export function byStatus(arrivals: readonly Arrival[], seconds: number): Record<string, Outcome> {
  const groups = Object.entries(Object.groupBy(arrivals, ({ status }) => status ?? 'none'));
  return Object.fromEntries(
    groups.map(([status, of = []]): [string, Outcome] => {
      const times = of.map(({ ms }) => ms).sort((one, other) => one - other);
      const outcome = {
        count: times.length,
        perSecond: times.length / seconds,
        p50Ms: quantile(times, 0.5),
        p99Ms: quantile(times, 0.99),
        longestMs: times.at(-1)!,
      };
      return [status, outcome];
    }),
  );
}

const agentOf = ({ connections }: Call): Agent => new Agent({ keepAlive: true, maxSockets: connections });

function send(
  { url, body: said, contentType = 'application/json' }: Call,
  agent: Agent,
  dueAt: number,
): Promise<Arrival> {
  const body = typeof said === 'function' ? said() : said;
  const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const end = (status?: number, retryAfter?: string): void =>
      resolve({ status, retryAfter, ms: performance.now() - sentAt, lateMs: sentAt - dueAt });
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => end(response.statusCode, response.headers['retry-after']));
      response.on('error', () => end());
    });
    sent.on('error', () => end());
    sent.end(body);
  });
}
