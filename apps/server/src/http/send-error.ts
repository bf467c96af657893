import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NestorError } from '#errors';
import { sendText } from './send-text.ts';
import { discardBody } from './unread-body.ts';

/** A rendered error, which is sent with the catalogue's status. */
export interface ErrorResponse {
  readonly contentType: string;
  readonly body: object;
}

/** Renders errors in a protocol's form; each operation does. */
export interface ErrorForm {
  readonly renderError: (error: NestorError, request: FastifyRequest) => ErrorResponse;
}

/** Responds with an error in this form, and sets it on the request for the log and the metrics. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: NestorError,
  { renderError }: ErrorForm,
): FastifyReply {
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  // HTTP wants the scheme beside a 401; browsers show no dialog for this one.
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  // After a timeout, do not wait for the body again.
  if (error.code !== 'BODY_TIMEOUT') discardBody(request, reply);
  const { contentType, body } = renderError(error, request);
  return sendText(reply.code(error.entry.status), contentType, JSON.stringify(body));
}
