import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Requests whose clients wait to be asked for the body. */
const awaited = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Handles requests with `Expect: 100-continue` like all others. Node would ask for every body at once; now a request
 * can be rejected without its body.
 */
export function leaveContinueToReaders(server: Server): void {
  server.on('checkContinue', (request, response) => {
    awaited.set(request, response);
    server.emit('request', request, response);
  });
}

/** Asks for the body of a request if its client waits for that. Call it before reading the body. */
export function askForBody(request: IncomingMessage): void {
  if (request.headers.expect === undefined) return;
  awaited.get(request)?.writeContinue();
  awaited.delete(request);
}

/** Whether the client still waits to be asked for the body. */
export const isAwaited = (request: IncomingMessage): boolean => awaited.has(request);
