import { setTimeout as sleep } from 'node:timers/promises';
import { type Arrival, byStatus, type Outcome, sendEvenly, sendInTurn } from '../callers.ts';
import { observe, quantiles, type Quantiles } from './observe.ts';
import { calibrated, type SlowServer, withSlowModel } from './slow-model.ts';

const WARM_SECONDS = 2;
const CALM_SECONDS = 10;
const CONNECTIONS = 256;
/** The time after the load in which the server must recover. */
const RECOVERY_MS = 1000;
const AFTER_SECONDS = 3;
/** The share of the capacity that must get answers without a rejection. */
const AFTER_SHARE = 0.5;

/** A model with runs of this many milliseconds, at this multiple of its capacity. */
export interface OpenLoop {
  readonly runMs: number;
  readonly times: number;
  readonly seconds: number;
  /** A single caller, who never waits for others. */
  readonly alone: Outcome;
  readonly capacityPerSecond: number;
  readonly sentPerSecond: number;
  readonly byStatus: Readonly<Record<string, Outcome>>;
  /** How much later than planned requests were sent, which is the client's fault. */
  readonly late: Quantiles;
  readonly withoutRetryAfter: number;
  readonly livez: Quantiles;
  readonly neighbour: { readonly calm: Quantiles; readonly overload: Quantiles };
  /** The results of half the model's capacity, from a second after the load. */
  readonly after: Readonly<Record<string, number>>;
  readonly rssMegabytes: { readonly first: number; readonly highest: number; readonly last: number };
}

/** Sends evenly, without waiting for earlier requests, as independent callers do. */
export async function openLoop(runMs: number, times: readonly number[], seconds: number): Promise<OpenLoop[]> {
  const work = await calibrated(runMs);
  const results: OpenLoop[] = [];
  for (const factor of times)
    results.push(await withSlowModel(work, {}, (server) => overload(server, runMs, factor, seconds)));
  return results;
}

/** A fast model at twice its capacity, with the limit and without one. */
export async function fastModel(runMs: number, seconds: number): Promise<Record<'limited' | 'unlimited', OpenLoop>> {
  const work = await calibrated(runMs);
  const served = (env: Readonly<Record<string, string>>): Promise<OpenLoop> =>
    withSlowModel(work, env, (server) => overload(server, runMs, 2, seconds));
  return { limited: await served({}), unlimited: await served({ MAX_QUEUE_MS: '86400000' }) };
}

async function overload(
  { nestor, call }: SlowServer,
  runMs: number,
  times: number,
  seconds: number,
): Promise<OpenLoop> {
  await sendInTurn(call(4), WARM_SECONDS);
  const alone = byStatus(await sendInTurn(call(1), CALM_SECONDS), CALM_SECONDS)['200']!;
  // Two callers keep a slow model busy, and neither is ever rejected.
  const capacity = byStatus(await sendInTurn(call(2), CALM_SECONDS), CALM_SECONDS)['200']!;
  const calm = await observe(nestor, AbortSignal.timeout(CALM_SECONDS * 1000));
  const sentPerSecond = Math.max(1, Math.round(capacity.perSecond * times));
  const over = new AbortController();
  const observing = observe(nestor, over.signal);
  const arrivals = await sendEvenly(call(CONNECTIONS), sentPerSecond, seconds);
  over.abort();
  const { livezMs, neighbourMs, rss } = await observing;
  await sleep(RECOVERY_MS);
  const after = await sendEvenly(call(CONNECTIONS), Math.max(1, capacity.perSecond * AFTER_SHARE), AFTER_SECONDS);
  return {
    ...{ runMs, times, seconds, alone, capacityPerSecond: capacity.perSecond, sentPerSecond },
    byStatus: byStatus(arrivals, seconds),
    late: quantiles(arrivals.map(({ lateMs }) => lateMs)),
    withoutRetryAfter: rejected(arrivals).filter(({ retryAfter }) => !(Number(retryAfter) >= 1)).length,
    livez: quantiles(livezMs),
    neighbour: { calm: quantiles(calm.neighbourMs), overload: quantiles(neighbourMs) },
    after: Object.fromEntries(
      Object.entries(byStatus(after, AFTER_SECONDS)).map(([status, { count }]) => [status, count]),
    ),
    rssMegabytes: { first: rss[0]!, highest: Math.max(...rss), last: rss.at(-1)! },
  };
}

const rejected = (arrivals: readonly Arrival[]): readonly Arrival[] => arrivals.filter(({ status }) => status === 503);
