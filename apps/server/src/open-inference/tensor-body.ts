import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { freeView } from '#tensor';
import type { BodySink } from '../http/read-body.ts';
import type { BodyMemory } from '../memory/body-memory.ts';
import { LentMemory } from '../memory/request-memory.ts';

/** The binary tensor extension's header with the length of the JSON that precedes the tensors. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

/** The size of the widest elements. */
const ALIGNMENT = 8;

/** A decompressed body. */
export interface Body {
  readonly bytes: Buffer;
  /** Undefined if the whole body is JSON; 0 if none of it is. */
  readonly jsonLength: number | undefined;
}

/**
 * Receives a body into memory laid out for its tensors. A header gives the JSON's length in advance, so the first byte
 * after the JSON can be placed where every datatype is aligned. A body of known length is written straight to its place
 * and held once; the pieces of a body of unknown length are joined at the end.
 */
export class TensorBody implements BodySink<Body> {
  readonly #request: Pick<FastifyRequest, 'memory'>;
  readonly #jsonLength: number | undefined;
  readonly #memory: BodyMemory;
  readonly #body: Body | undefined;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  /**
   * @param request receives the memory that holds its body
   * @param length of the body in bytes, if known
   * @throws NestorError MALFORMED_BODY if the JSON's length is not a number
   */
  constructor(request: Pick<FastifyRequest, 'headers' | 'memory'>, length: number | undefined, memory: BodyMemory) {
    this.#request = request;
    this.#jsonLength = jsonLengthOf(request.headers);
    this.#memory = memory;
    this.#body = length === undefined ? undefined : this.#place(length);
  }

  write(piece: Buffer): void {
    const at = this.#length;
    this.#length += piece.length;
    if (this.#body === undefined) {
      this.#pieces.push(piece);
      return;
    }
    const { bytes } = this.#body;
    piece.copy(bytes, at);
    freeView(piece);
  }

  body(): Body {
    return this.#body ?? this.#join();
  }

  #join(): Body {
    const body = this.#place(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      at += piece.copy(body.bytes, at);
      freeView(piece);
    }
    return body;
  }

  /** Takes memory in which the bytes after the JSON are aligned. */
  #place(length: number): Body {
    const jsonLength = this.#jsonLength;
    const padding = (ALIGNMENT - ((jsonLength ?? 0) % ALIGNMENT)) % ALIGNMENT;
    const memory = this.#memory.take(padding + length);
    this.#request.memory = new LentMemory(this.#memory, memory);
    return { bytes: memory.subarray(padding), jsonLength };
  }
}

function jsonLengthOf(headers: IncomingHttpHeaders): number | undefined {
  const length = headers[JSON_LENGTH_HEADER];
  if (length === undefined) return undefined;
  if (typeof length === 'string' && /^\d{1,15}$/.test(length)) return Number(length);
  throw new NestorError('MALFORMED_BODY', 'The header Inference-Header-Content-Length takes a whole number of bytes.');
}
