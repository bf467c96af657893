import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NestorError } from '#errors';
import { sendText } from './send-text.ts';
import { discardBody } from './unread-body.ts';

/** An error as it goes out, under the catalogue's status. */
export interface ErrorResponse {
  readonly contentType: string;
  readonly body: object;
}

/** What knows how a protocol writes an error: an operation. */
export interface ErrorForm {
  readonly renderError: (error: NestorError, request: FastifyRequest) => ErrorResponse;
}

/** Answers with an error in its form, and leaves it on the request for the log and the metrics. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: NestorError,
  { renderError }: ErrorForm,
): FastifyReply {
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  // A body that was waited for in vain is not waited for again.
  if (error.code !== 'BODY_TIMEOUT') discardBody(request, reply);
  const { contentType, body } = renderError(error, request);
  return sendText(reply.code(error.entry.status), contentType, JSON.stringify(body));
}
