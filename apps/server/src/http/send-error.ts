import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NestorError } from '#errors';
import { sendText } from './send-text.ts';

/** An error as it goes out, under the catalogue's status. */
export interface ErrorResponse {
  readonly contentType: string;
  readonly body: object;
  /** Whether the connection is closed after it. */
  readonly closes?: boolean;
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
  const { contentType, body, closes = false } = renderError(error, request);
  if (closes) reply.header('connection', 'close');
  return sendText(reply.code(error.entry.status), contentType, JSON.stringify(body));
}
