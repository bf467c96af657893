import type { FastifyReply, FastifyRequest } from 'fastify';
import { fromFramework } from '../http/framework-error.ts';
import { sendText } from '../http/send-text.ts';

/**
 * Answers with an error as this protocol has it, `{"error": "<text>"}`, under the catalogue's status. The content type
 * is exactly application/json, without the charset that Fastify gives to texts: KServe's client reads no other.
 */
export function sendError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = fromFramework(thrown);
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  // The rest of the body is not read: the connection cannot carry another request.
  if (error.code === 'BODY_TOO_LARGE') reply.header('connection', 'close');
  return sendText(reply.code(error.entry.status), 'application/json', JSON.stringify({ error: error.message }));
}
