import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NestorError } from '#errors';
import type { HttpOperation } from './operation.ts';
import { sendText } from './send-text.ts';

/** Answers with an error in the form of an operation, and leaves it on the request for the log and the metrics. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: NestorError,
  { renderError }: Pick<HttpOperation, 'renderError'>,
): FastifyReply {
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  const { contentType, body, closes = false } = renderError(error, request);
  if (closes) reply.header('connection', 'close');
  return sendText(reply.code(error.entry.status), contentType, JSON.stringify(body));
}
