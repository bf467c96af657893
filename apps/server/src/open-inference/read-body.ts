import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { NestorError } from '#errors';
import type { BodyMemory } from './body-memory.ts';

/** Header of the binary tensor extension: how many bytes of the body are JSON, before the tensors begin. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

/** The widest elements are of 8 bytes. */
const ALIGNMENT = 8;
const INFLATE_CHUNK_BYTES = 65_536;
const LARGE_BYTES = 1_048_576;

/** A body as it was sent, decompressed. */
export interface Body {
  readonly bytes: Buffer;
  /** Undefined where the whole body is JSON; 0 where none of it is. */
  readonly jsonLength: number | undefined;
  /** What it lies in, to be given back once nothing of it is needed. */
  readonly memory: Buffer;
}

type Done = (error: Error | null, body?: Body) => void;

/**
 * Reads a body into memory that is laid out for its tensors: the JSON's length is known before the body, and so the
 * first byte after it can be put where every datatype is aligned. A body of known length is written to its place as it
 * arrives and is held once. gzip and deflate are undone; `maxBytes` bounds what comes and what comes of it.
 *
 * @throws by way of `done`: NestorError MALFORMED_BODY, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE; what the stream emits
 */
export function readBody(
  headers: IncomingHttpHeaders,
  payload: Readable,
  maxBytes: number,
  memory: BodyMemory,
  done: Done,
): void {
  let sink: Sink;
  let source: Readable;
  try {
    const length = lengthOf(headers, maxBytes);
    source = decompressed(payload, headers['content-encoding']);
    sink = new Sink(jsonLengthOf(headers), source === payload ? length : undefined, maxBytes, memory);
  } catch (error) {
    done(error as Error);
    return;
  }
  let ended = false;
  const end = (error: Error | null, body?: Body): void => {
    ended = true;
    done(error, body);
  };
  const take = (chunk: Buffer): void => {
    if (ended || sink.write(chunk)) return;
    if (source !== payload) payload.unpipe();
    source.off('data', take);
    end(tooLarge(maxBytes));
  };
  const finish = (): void => {
    if (!ended) end(null, sink.body());
  };
  // A stream may still emit errors when it has been read, or left half way, which nobody waits for any more.
  const fail = (error: Error): void => {
    if (!ended) end(source === payload ? error : malformed(headers['content-encoding']!, error));
  };
  source.on('data', take).on('end', finish).on('error', fail);
  if (source !== payload) payload.on('error', (error) => source.destroy(error));
}

/**
 * Gives back the memory of a piece that came, once it is copied: pieces of a large body are many, and left to the garbage
 * collector they make it walk the heap. Only where the memory is the piece's own: Node cuts small ones from shared memory.
 */
function letGo({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** A body as it comes. Of a known length it is written to its place at once, else its pieces are joined at the end. */
class Sink {
  readonly #jsonLength: number | undefined;
  readonly #maxBytes: number;
  readonly #memory: BodyMemory;
  readonly #body: Body | undefined;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  constructor(jsonLength: number | undefined, length: number | undefined, maxBytes: number, memory: BodyMemory) {
    this.#jsonLength = jsonLength;
    this.#maxBytes = maxBytes;
    this.#memory = memory;
    this.#body = length === undefined ? undefined : this.#place(length);
  }

  /** False where the body has become too large. */
  write(chunk: Buffer): boolean {
    const at = this.#length;
    this.#length += chunk.length;
    if (this.#length > this.#maxBytes) return false;
    if (this.#body === undefined) this.#pieces.push(chunk);
    else {
      const { bytes } = this.#body;
      chunk.copy(bytes, at);
      if (bytes.length >= LARGE_BYTES) letGo(chunk);
    }
    return true;
  }

  body(): Body {
    return this.#body ?? this.#join();
  }

  #join(): Body {
    const body = this.#place(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      at += piece.copy(body.bytes, at);
      if (this.#length >= LARGE_BYTES) letGo(piece);
    }
    return body;
  }

  /** Memory in which what follows the JSON is aligned. */
  #place(length: number): Body {
    const jsonLength = this.#jsonLength;
    const padding = (ALIGNMENT - ((jsonLength ?? 0) % ALIGNMENT)) % ALIGNMENT;
    const memory = this.#memory.take(padding + length);
    return { bytes: memory.subarray(padding), jsonLength, memory };
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
        `Content-Encoding ${JSON.stringify(encoding!.slice(0, 60))} is not understood here; gzip and deflate are.`,
      );
  }
}

function lengthOf(headers: IncomingHttpHeaders, maxBytes: number): number | undefined {
  const header = headers['content-length'];
  if (header === undefined) return undefined;
  const length = Number(header);
  if (length > maxBytes) throw tooLarge(maxBytes);
  return length;
}

function jsonLengthOf(headers: IncomingHttpHeaders): number | undefined {
  const length = headers[JSON_LENGTH_HEADER];
  if (length === undefined) return undefined;
  if (typeof length === 'string' && /^\d{1,15}$/.test(length)) return Number(length);
  throw new NestorError('MALFORMED_BODY', 'The header Inference-Header-Content-Length takes a whole number of bytes.');
}

const tooLarge = (maxBytes: number): NestorError =>
  new NestorError('BODY_TOO_LARGE', `The body has more than ${maxBytes} bytes, decompressed or not.`);

const malformed = (encoding: string, cause: Error): NestorError =>
  new NestorError(
    'MALFORMED_BODY',
    `The body could not be decompressed as ${JSON.stringify(encoding.slice(0, 60))}, which Content-Encoding says it is.`,
    { cause },
  );
