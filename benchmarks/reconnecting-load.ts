import { request as send } from 'node:http';
import { AnswerWindow } from './answer-window.ts';
import type { HttpRequest } from './http-load.ts';
import type { Extent, Load } from './load.ts';

/**
 * Keeps a number of callers busy, with a new connection for every request. This is for servers that close the
 * connection after each answer, to which autocannon would send a second request on the closing connection. An answer
 * counts if its status is 200.
 */
export function startReconnectingLoad(request: HttpRequest, callers: number, { seconds, requests }: Extent): Load {
  const ended = new AbortController();
  const window = new AnswerWindow();
  let answers = 0;
  const over = (): boolean => ended.signal.aborted;
  const call = async (): Promise<void> => {
    while (!over()) {
      const begun = performance.now();
      const status = await statusOf(request, ended.signal);
      if (over()) return; // cut off, not failed
      answers += 1;
      if (answers === requests) ended.abort();
      window.count(status === 200, performance.now() - begun);
    }
  };
  const timer = setTimeout(() => ended.abort(), seconds * 1000);
  return {
    finished: Promise.all(Array.from({ length: callers }, call)).finally(() => clearTimeout(timer)),
    open: () => window.open(),
    close: async () => window.close(),
    stop: () => ended.abort(),
  };
}

/** The status of one answer, read to its end; undefined without an answer. */
function statusOf({ url, headers, body }: HttpRequest, signal: AbortSignal): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  send(url, { method: 'POST', headers: { ...headers, ...length }, agent: false, signal }, (answer) => {
    answer.resume();
    answer.once('error', () => resolve(undefined));
    answer.once('end', () => resolve(answer.statusCode));
  })
    .once('error', () => resolve(undefined))
    .end(body);
  return promise;
}
