import type { FastifyRequest } from 'fastify';
import type { Caller } from '#engine';
import { NestorError } from '#errors';

/** The header by which a caller sets a deadline of its own, in milliseconds; never later than the server's. */
export const TIMEOUT_HEADER = 'x-request-timeout-ms';

/**
 * Who waits behind an HTTP request: until the timeout header says so, and as long as the connection is open.
 *
 * @throws NestorError INVALID_REQUEST where the timeout header is no number of milliseconds
 */
export function httpCaller({ headers, raw: { socket } }: FastifyRequest): Caller {
  const gone = (): boolean => socket.destroyed;
  const asked = headers[TIMEOUT_HEADER];
  if (asked === undefined) return { timeoutMs: Infinity, gone };
  const milliseconds = Number(asked);
  if (Number.isInteger(milliseconds) && milliseconds > 0) return { timeoutMs: milliseconds, gone };
  throw new NestorError(
    'INVALID_REQUEST',
    `The header ${TIMEOUT_HEADER} takes a whole number of milliseconds above 0.`,
  );
}
