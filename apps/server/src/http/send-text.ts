import type { FastifyReply } from 'fastify';

const asItIs = (text: string): string => text;

/**
 * Sends a text under exactly this content type. Fastify gives JSON a charset where nobody serializes it, and KServe's client
 * reads no JSON with a charset; as bytes it would be sent in two pieces.
 */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.header('content-type', contentType).serializer(asItIs).send(text);
}
