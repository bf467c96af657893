import type { FastifyReply, FastifyRequest } from 'fastify';
import { fromFramework } from '../http/framework-error.ts';

/**
 * Answers with an error as this protocol has it, `{"error": "<text>"}`, under the catalogue's status. The content type
 * is exactly application/json, without the charset that Fastify gives to texts: KServe's client reads no other.
 */
export function sendError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = fromFramework(thrown, request);
  request.failure = error;
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  // The rest of the body is not read: the connection cannot carry another request.
  if (error.code === 'BODY_TOO_LARGE') reply.header('connection', 'close');
  const body = Buffer.from(JSON.stringify({ error: error.message }));
  return reply.code(error.entry.status).header('content-type', 'application/json').send(body);
}
