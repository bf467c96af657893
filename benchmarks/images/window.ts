import { byStatus, sendInTurn } from '../callers.ts';
import { forgetPeak, peakBytes } from '../peak-memory.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Liveness } from './liveness.ts';
import type { ModelId } from './models.ts';
import { callOf, type ServerId, SERVERS } from './servers.ts';
import type { Upload } from './uploads.ts';

/** One load for the servers. */
export interface Load {
  readonly model: ModelId;
  readonly upload: Upload;
  readonly callers: number;
}

/** The result of one server under one load. */
export interface Window {
  /** Pictures with an answer. */
  readonly picturesPerSecond: number;
  /** The share of uploads that got 503. */
  readonly rejected: number;
  /** CPU time of all uploads, divided by the number of answers. */
  readonly cpuMs: number;
  readonly p99Ms: number;
  readonly peakMegabytes: number;
  /** The longest time of /livez. */
  readonly livezMs: number;
}

/**
 * Lasts until every picture has its answer, since a server that takes many at once sends its answers in bursts that are
 * seconds apart.
 *
 * @throws Error if a picture gets neither 200 nor 503
 */
export async function windowOf(
  id: ServerId,
  server: ServerProcess,
  { model, upload, callers }: Load,
  liveness: Liveness,
  seconds: number,
): Promise<Window> {
  forgetPeak(server.pid);
  const [cpuBefore, began] = [server.usage().cpuSeconds, performance.now()];
  const call = callOf(server.port, model, upload, callers);
  const [arrivals, livezMs] = await liveness.during(server, () => sendInTurn(call, seconds));
  const [cpuSeconds, took] = [server.usage().cpuSeconds - cpuBefore, (performance.now() - began) / 1000];
  const { 200: right, 503: busy, ...wrong } = byStatus(arrivals, took);
  if (right === undefined || Object.keys(wrong).length > 0)
    throw new Error(
      `${SERVERS[id]} does not answer all: ${JSON.stringify(wrong)} (${model}, ${upload.id}, ${callers})`,
    );
  return {
    picturesPerSecond: right.perSecond,
    rejected: (busy?.count ?? 0) / arrivals.length,
    cpuMs: (cpuSeconds * 1000) / right.count,
    p99Ms: right.p99Ms,
    peakMegabytes: peakBytes(server.pid) / 1e6,
    livezMs,
  };
}
