import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredEncoding } from '../http/negotiation.ts';
import { sendText } from '../http/send-text.ts';
import type { InferResponse } from './encode-response.ts';
import { JSON_LENGTH_HEADER } from './tensor-body.ts';

/** Shorter answers are sent sooner than they are compressed. */
const COMPRESSED_FROM_BYTES = 1024;
const FAST = { level: constants.Z_BEST_SPEED };
const COMPRESS = { gzip: promisify(gzip), deflate: promisify(deflate) };
type Encoding = keyof typeof COMPRESS;
const ENCODINGS = Object.keys(COMPRESS) as Encoding[];

/**
 * Sends an answer, with its binary tensors after the JSON, compressed where the caller takes that. The tensors are copied
 * before this returns.
 */
export function sendInferResponse(
  { headers: { 'accept-encoding': accepted } }: FastifyRequest,
  reply: FastifyReply,
  { json, binary }: InferResponse,
): FastifyReply | Promise<FastifyReply> {
  if (binary.length === 0) {
    const encoding = encodingFor(accepted, json.length);
    return encoding === undefined
      ? sendText(reply, 'application/json', json)
      : sendCompressed(reply.header('content-type', 'application/json'), json, encoding);
  }
  const header = Buffer.from(json);
  const body = Buffer.concat([header, ...binary]);
  reply.header('content-type', 'application/octet-stream').header(JSON_LENGTH_HEADER, String(header.length));
  const encoding = encodingFor(accepted, body.length);
  return encoding === undefined ? reply.send(body) : sendCompressed(reply, body, encoding);
}

/** zlib works on a thread of its own: the event loop goes on. */
async function sendCompressed(reply: FastifyReply, body: string | Buffer, encoding: Encoding): Promise<FastifyReply> {
  const compressed = await COMPRESS[encoding](body, FAST);
  return reply.header('content-encoding', encoding).header('vary', 'accept-encoding').send(compressed);
}

/** The coding in which the caller prefers a body of so many bytes: gzip where it leaves the choice; undefined for none. */
function encodingFor(accepted: string | undefined, length: number): Encoding | undefined {
  if (accepted === undefined || length < COMPRESSED_FROM_BYTES) return undefined;
  return preferredEncoding(accepted, ENCODINGS);
}
