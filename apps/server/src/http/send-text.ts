import type { FastifyReply } from 'fastify';

const asItIs = (text: string): string => text;

/**
 * Sends a text with exactly this content type. Without a serializer, Fastify adds a charset to JSON, which KServe's
 * client rejects. As bytes, the text would be sent in two pieces.
 */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.header('content-type', contentType).serializer(asItIs).send(text);
}
