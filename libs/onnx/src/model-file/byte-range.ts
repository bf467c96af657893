import { readSync } from 'node:fs';

/** Bytes that are looked at piece by piece: a file's, or some in memory. */
export interface ByteRange {
  readonly size: number;
  /** The bytes from `at` on: at least `length`, or up to the end. They are valid until the next call. */
  look(at: number, length: number): Buffer;
}

/** How much to read at once: most messages of a graph are far smaller, and adjacent. */
const WINDOW_BYTES = 16 * 1024;

/** An open file, with one piece in memory at a time. */
export class FileBytes implements ByteRange {
  readonly size: number;
  readonly #file: number;
  #window = Buffer.allocUnsafe(WINDOW_BYTES);

  constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
  }

  look(at: number, length: number): Buffer {
    if (length > this.#window.length) this.#window = Buffer.allocUnsafe(length);
    const read = readSync(this.#file, this.#window, 0, this.#window.length, at);
    return this.#window.subarray(0, read);
  }
}

/** Bytes in memory. */
export class MemoryBytes implements ByteRange {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.#bytes.length;
  }

  look(at: number): Buffer {
    return this.#bytes.subarray(at);
  }
}
