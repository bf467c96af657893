import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { freeView } from '#tensor';
import type { BodySink } from '../http/read-body.ts';
import type { BodyMemory } from '../memory/body-memory.ts';
import { LentMemory } from '../memory/request-memory.ts';

/** Header of the binary tensor extension: how many bytes of the body are JSON, before the tensors begin. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

/** The widest elements are of 8 bytes. */
const ALIGNMENT = 8;

/** A body as it was sent, decompressed. */
export interface Body {
  readonly bytes: Buffer;
  /** Undefined where the whole body is JSON; 0 where none of it is. */
  readonly jsonLength: number | undefined;
}

/**
 * A body as it comes, in memory that is laid out for its tensors: the JSON's length is known before the body, and so the
 * first byte after it can be put where every datatype is aligned. A body of known length is written to its place as it
 * arrives and is held once; the pieces of another are joined at the end.
 */
export class TensorBody implements BodySink<Body> {
  readonly #request: Pick<FastifyRequest, 'memory'>;
  readonly #jsonLength: number | undefined;
  readonly #memory: BodyMemory;
  readonly #body: Body | undefined;
  readonly #pieces: Buffer[] = [];
  #length = 0;

  /**
   * @param request is told what memory its body lies in
   * @param length of the body in bytes, where it is known
   * @throws NestorError MALFORMED_BODY where the JSON's length is none
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

  /** Memory in which what follows the JSON is aligned. */
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
