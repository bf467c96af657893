import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import type { FastifyRequest } from 'fastify';
import { NestorError, quote } from '#errors';
import { freeView } from '#tensor';
import { ReceivedMemory } from '../memory/request-memory.ts';
import { askForBody } from './expect-continue.ts';

const INFLATE_CHUNK_BYTES = 65_536;
/** Smaller bodies are cheaper to leave to the garbage collector. */
const LARGE_BYTES = 16_384;
/** Tensors are views of the body, or copied once. */
const COST_OF_TENSORS = 2;
/** Text is held as bytes and as a string, and its parsed values are larger than both. */
export const COST_OF_TEXT = 4;

/** The parts of a request that reading its body needs. */
export type ReadRequest = Pick<FastifyRequest, 'headers' | 'heldBytes' | 'memory' | 'raw' | 'server'>;

/** Receives the pieces of a body as they arrive. */
export interface BodySink<Body> {
  write(piece: Buffer): void;
  /** The whole body. */
  body(): Body;
}

type Done<Body> = (error: Error | null, body?: Body) => void;

/**
 * Reads a whole body, and decompresses gzip and deflate. `maxBytes` limits both the compressed and the decompressed
 * size. The memory of a body is reserved before it is read if its length is known, else as it arrives.
 *
 * `done` receives MALFORMED_BODY, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MEMORY_FULL, and the errors of `sinkFor` and
 * of the stream.
 *
 * @param sinkFor creates the sink, given the body's length in bytes if that is known
 */
export function readBody<Body>(
  request: ReadRequest,
  payload: Readable,
  maxBytes: number,
  sinkFor: (length: number | undefined) => BodySink<Body>,
  done: Done<Body>,
): void {
  const { headers } = request;
  const { memoryBudget } = request.server;
  const cost = headers['content-type'] === 'application/octet-stream' ? COST_OF_TENSORS : COST_OF_TEXT;
  let sink: BodySink<Body>;
  let source: Readable;
  try {
    const length = lengthOf(headers, maxBytes);
    if (length !== undefined) memoryBudget.hold(request, length * cost);
    source = decompressed(payload, headers['content-encoding']);
    sink = sinkFor(source === payload ? length : undefined);
  } catch (error) {
    done(error as Error);
    return;
  }
  askForBody(request.raw);
  let ended = false;
  const end = (error: Error | null, body?: Body): void => {
    if (ended) return;
    ended = true;
    done(error, body);
  };
  const refuse = (error: Error): void => {
    source.off('data', take);
    if (source !== payload) {
      payload.unpipe();
      source.destroy();
    }
    end(error);
  };
  /** Reserves memory beyond the announced length, or for a body without one. */
  const holds = (length: number): boolean => {
    try {
      memoryBudget.hold(request, length * cost);
      return true;
    } catch (error) {
      refuse(error as Error);
      return false;
    }
  };
  let length = 0;
  const take = (piece: Buffer): void => {
    length += piece.length;
    if (length > maxBytes) refuse(tooLarge(maxBytes, source !== payload));
    else if (!ended && holds(length)) sink.write(piece);
  };
  source.on('data', take).on('end', () => {
    if (!ended) end(null, sink.body());
  });
  // A stream may still emit errors after it has been read or abandoned. `end` ignores those.
  source.on('error', (error) => end(source === payload ? error : malformed(headers['content-encoding']!, error)));
  if (source === payload) return;
  payload.on('error', (error) => source.destroy(error));
  boundCompressed(payload, maxBytes, refuse);
}

/** Limits the compressed bytes too: any number of them may decompress to nothing. */
function boundCompressed(payload: Readable, maxBytes: number, refuse: (error: Error) => void): void {
  let came = 0;
  payload.on('data', (piece: Buffer) => {
    came += piece.length;
    if (came > maxBytes) refuse(tooLarge(maxBytes, true));
  });
}

/** Collects a body's bytes. A body that arrives in one piece is not copied. */
export class Pieces implements BodySink<Buffer> {
  readonly #request: Pick<FastifyRequest, 'memory'>;
  #first: Buffer | undefined;
  #all: Buffer[] | undefined;

  /** @param request receives the memory of its body, if giving that back is worthwhile */
  constructor(request: Pick<FastifyRequest, 'memory'>) {
    this.#request = request;
  }

  write(piece: Buffer): void {
    if (this.#first === undefined) this.#first = piece;
    else (this.#all ??= [this.#first]).push(piece);
  }

  body(): Buffer {
    const body = this.#all === undefined ? (this.#first ?? Buffer.alloc(0)) : this.#join(this.#all);
    if (body.length >= LARGE_BYTES) this.#request.memory = new ReceivedMemory(body);
    return body;
  }

  #join(pieces: readonly Buffer[]): Buffer {
    const body = Buffer.concat(pieces);
    pieces.forEach((piece) => freeView(piece));
    return body;
  }
}

function decompressed(payload: Readable, encoding: string | undefined): Readable {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return payload;
    case 'gzip':
    case 'x-gzip':
      return payload.pipe(createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }));
    case 'deflate':
      return payload.pipe(createInflate({ chunkSize: INFLATE_CHUNK_BYTES }));
    default:
      throw new NestorError(
        'UNSUPPORTED_MEDIA_TYPE',
        `Content-Encoding ${quote(encoding!)} is not supported. Use gzip or deflate.`,
      );
  }
}

function lengthOf(headers: IncomingHttpHeaders, maxBytes: number): number | undefined {
  const header = headers['content-length'];
  if (header === undefined) return undefined;
  const length = Number(header);
  if (length > maxBytes) throw tooLarge(maxBytes, false);
  return length;
}

const tooLarge = (maxBytes: number, inflated: boolean): NestorError =>
  new NestorError('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes${inflated ? ' when decompressed' : ''}.`);

const malformed = (encoding: string, cause: Error): NestorError =>
  new NestorError(
    'MALFORMED_BODY',
    `The body could not be decompressed as ${quote(encoding)}, which Content-Encoding says it is.`,
    { cause },
  );
