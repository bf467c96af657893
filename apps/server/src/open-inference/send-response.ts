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

/** What an answer's body is made of, in one piece. */
export interface ResponseBody {
  readonly json: string;
  readonly body: string | Buffer;
  /** Bytes of the JSON before those of binary tensors; undefined where there are none. */
  readonly jsonLength: number | undefined;
}

/** Joins an answer into one piece. The tensors are copied: the memory behind them is used again. */
export function joined({ json, binary }: InferResponse): ResponseBody {
  if (binary.length === 0) return { json, body: json, jsonLength: undefined };
  const header = Buffer.from(json);
  return { json, body: Buffer.concat([header, ...binary]), jsonLength: header.length };
}

/** Sends an answer, compressed where the caller takes that. */
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
