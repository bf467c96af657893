import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredEncoding } from '../http/negotiation.ts';
import { sendText } from '../http/send-text.ts';
import type { InferResponse } from './encode-response.ts';
import { JSON_LENGTH_HEADER } from './tensor-body.ts';

/** Sending a shorter response takes less time than compressing it. */
const COMPRESSED_FROM_BYTES = 1024;
const FAST = { level: constants.Z_BEST_SPEED };
const COMPRESS = { gzip: promisify(gzip), deflate: promisify(deflate) };
type Encoding = keyof typeof COMPRESS;
const ENCODINGS = Object.keys(COMPRESS) as Encoding[];

/** The body of a response, in one piece. */
export interface ResponseBody {
  readonly json: string;
  readonly body: string | Buffer;
  /** The length of the JSON before the bytes of binary tensors; undefined without binary tensors. */
  readonly jsonLength: number | undefined;
}

/** Joins a response into one piece. It copies the tensors because their memory is reused. */
export function joined({ json, binary }: InferResponse): ResponseBody {
  if (binary.length === 0) return { json, body: json, jsonLength: undefined };
  const header = Buffer.from(json);
  return { json, body: Buffer.concat([header, ...binary]), jsonLength: header.length };
}

/** Sends a response, compressed if the caller accepts that. */
export function sendInferResponse(
  { body, jsonLength }: ResponseBody,
  { headers: { 'accept-encoding': accepted } }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const type = jsonLength === undefined ? 'application/json' : 'application/octet-stream';
  if (jsonLength !== undefined) reply.header(JSON_LENGTH_HEADER, String(jsonLength));
  const encoding = encodingFor(accepted, body.length);
  if (encoding !== undefined) return sendCompressed(reply.header('content-type', type), body, encoding);
  return typeof body === 'string' ? sendText(reply, type, body) : reply.header('content-type', type).send(body);
}

/** zlib compresses on another thread, which keeps the event loop free. */
async function sendCompressed(reply: FastifyReply, body: string | Buffer, encoding: Encoding): Promise<FastifyReply> {
  const compressed = await COMPRESS[encoding](body, FAST);
  return reply.header('content-encoding', encoding).header('vary', 'accept-encoding').send(compressed);
}

/** The encoding that the caller prefers, gzip among equals; undefined to send the body uncompressed. */
function encodingFor(accepted: string | undefined, length: number): Encoding | undefined {
  if (accepted === undefined || length < COMPRESSED_FROM_BYTES) return undefined;
  return preferredEncoding(accepted, ENCODINGS);
}
