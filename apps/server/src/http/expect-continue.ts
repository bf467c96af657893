import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Requests whose clients wait to be asked for the body. */
const awaited = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Has requests with `Expect: 100-continue` handled as all others are, where Node would ask for their bodies unseen. One that
 * is refused before is answered instead.
 */
export function leaveContinueToReaders(server: Server): void {
  server.on('checkContinue', (request, response) => {
    awaited.set(request, response);
    server.emit('request', request, response);
  });
}

/** Asks for the body of a request, which is to be read now, where the client waits for that. */
export function askForBody(request: IncomingMessage): void {
  if (request.headers.expect === undefined) return;
  awaited.get(request)?.writeContinue();
  awaited.delete(request);
}

/** Whether the client has not been asked for the body that it announces. */
export const isAwaited = (request: IncomingMessage): boolean => awaited.has(request);
