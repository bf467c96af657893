import { randomUUID } from 'node:crypto';

const SANE_ID = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** W3C Trace Context, version 00: version, trace id, parent id, flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;
const NO_TRACE = '0'.repeat(32);

/**
 * A request's id in the log and the response: the caller's `X-Request-Id` if it is sane (at most 128 characters that
 * cannot break a log line), else the trace id of a W3C `traceparent`, else a new UUID.
 */
export function requestId({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && SANE_ID.test(given)) return given;
  const traceparent = headers['traceparent'];
  if (typeof traceparent === 'string') {
    const trace = TRACEPARENT.exec(traceparent)?.[1];
    if (trace !== undefined && trace !== NO_TRACE) return trace;
  }
  return randomUUID();
}
