import autocannon from 'autocannon';
import type { Extent, Load } from './load.ts';

/** A request that is sent over and over. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Keeps a number of HTTP connections busy; an answer counts where its status is 200. */
export function startHttpLoad(request: HttpRequest, connections: number, { seconds, requests }: Extent): Load {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const load = autocannon(
    { ...request, method: 'POST', connections, duration: seconds, timeout: 60, sampleInt: 100 },
    (error: Error | null, result) => (error ? reject(error) : resolve(result)),
  );
  const latenciesMs: number[] = [];
  let [open, failed, answers] = [false, 0, 0];
  load.on('response', (_client, status, _bytes, milliseconds) => {
    answers += 1;
    if (answers === requests) load.stop();
    if (!open) return;
    if (status === 200) latenciesMs.push(milliseconds);
    else failed += 1;
  });
  load.on('reqError', () => (failed += open ? 1 : 0));
  return {
    finished: promise,
    open: () => (open = true),
    close: async () => {
      open = false;
      return { latenciesMs, failed };
    },
    stop: () => load.stop(),
  };
}
