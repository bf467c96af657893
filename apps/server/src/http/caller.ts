import type { FastifyRequest } from 'fastify';
import type { Caller } from '#engine';
import { NestorError } from '#errors';

/** The header with the caller's own timeout in milliseconds. It cannot extend the server's. */
export const TIMEOUT_HEADER = 'x-request-timeout-ms';

/**
 * The caller of an HTTP request, with the timeout of its header. Closing the connection means that it has left.
 *
 * @throws NestorError INVALID_REQUEST if the timeout header is not a number of milliseconds
 */
export function httpCaller({ headers, raw: { socket } }: FastifyRequest): Caller {
  const gone = (): boolean => socket.destroyed;
  const asked = headers[TIMEOUT_HEADER];
  if (asked === undefined) return { timeoutMs: Infinity, gone };
  const milliseconds = Number(asked);
  if (Number.isInteger(milliseconds) && milliseconds > 0) return { timeoutMs: milliseconds, gone };
  throw new NestorError(
    'INVALID_REQUEST',
    `The header ${TIMEOUT_HEADER} must be a whole number of milliseconds above 0.`,
  );
}
