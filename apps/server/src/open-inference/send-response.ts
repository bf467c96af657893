import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InferResponse } from './encode-response.ts';
import { JSON_LENGTH_HEADER } from './read-body.ts';

/** Shorter answers are sent sooner than they are compressed. */
const COMPRESSED_FROM_BYTES = 1024;
const FAST = { level: constants.Z_BEST_SPEED };
const COMPRESS = { gzip: promisify(gzip), deflate: promisify(deflate) };
type Encoding = keyof typeof COMPRESS;

/**
 * Sends an answer, with its binary tensors after the JSON, compressed where the caller takes that. The tensors are copied
 * before this returns.
 */
export async function sendInferResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { json, binary }: InferResponse,
): Promise<FastifyReply> {
  const header = Buffer.from(json);
  let body = header;
  if (binary.length === 0) reply.header('content-type', 'application/json');
  else {
    body = Buffer.concat([header, ...binary]);
    reply.header('content-type', 'application/octet-stream').header(JSON_LENGTH_HEADER, String(header.length));
  }
  const accepted = request.headers['accept-encoding'];
  const encoding = accepted === undefined || body.length < COMPRESSED_FROM_BYTES ? undefined : chooseEncoding(accepted);
  if (encoding === undefined) return reply.send(body);
  // zlib works on a thread of its own: the event loop goes on.
  return reply
    .header('content-encoding', encoding)
    .header('vary', 'accept-encoding')
    .send(await COMPRESS[encoding](body, FAST));
}

/** gzip before deflate, unless their weights say otherwise. */
function chooseEncoding(accepted: string): Encoding | undefined {
  let best: Encoding | undefined;
  let bestWeight = 0;
  for (const entry of accepted.toLowerCase().split(',')) {
    const [name, ...parameters] = entry.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    if (
      (name === 'gzip' || name === 'deflate') &&
      (weight > bestWeight || (weight === bestWeight && name === 'gzip' && best !== undefined))
    ) {
      best = name;
      bestWeight = weight;
    }
  }
  return best;
}
