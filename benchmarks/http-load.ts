import autocannon from 'autocannon';
import { AnswerWindow } from './answer-window.ts';
import type { Extent, Load } from './load.ts';

/** The request to repeat. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Keeps a number of HTTP connections busy. An answer counts if its status is 200. */
export function startHttpLoad(request: HttpRequest, connections: number, { seconds, requests }: Extent): Load {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const load = autocannon(
    { ...request, method: 'POST', connections, duration: seconds, timeout: 60, sampleInt: 100 },
    (error: Error | null, result) => (error ? reject(error) : resolve(result)),
  );
  const window = new AnswerWindow();
  let answers = 0;
  load.on('response', (_client, status, _bytes, milliseconds) => {
    answers += 1;
    if (answers === requests) load.stop();
    window.count(status === 200, milliseconds);
  });
  load.on('reqError', () => window.count(false, Number.NaN));
  return {
    finished: promise,
    open: () => window.open(),
    close: async () => window.close(),
    stop: () => load.stop(),
  };
}
