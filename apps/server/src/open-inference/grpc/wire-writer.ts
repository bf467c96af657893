import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-reader.ts';

const FIRST_CAPACITY = 256;

/**
 * Writes a protobuf message from its last byte to its first. A nested message's length precedes it, and is thus known
 * when it is written. Callers write fields in reverse order.
 *
 * Source: protobuf.dev, Encoding.
 */
export class WireWriter {
  #bytes: Buffer;
  #at: number;

  /** @param capacity the expected length in bytes; the buffer grows if needed */
  constructor(capacity = 0) {
    this.#at = FIRST_CAPACITY + capacity;
    this.#bytes = Buffer.allocUnsafe(this.#at);
  }

  /** The number of bytes written so far; pass it to `message` as the end of a nested message. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  finish(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** Writes the head of a nested message whose content is everything written after `end`. */
  message(field: number, end: number): void {
    this.varint(this.length - end);
    this.#tag(field, LENGTH_DELIMITED);
  }

  bytes(field: number, bytes: Uint8Array): void {
    const end = this.length;
    this.raw(bytes);
    this.message(field, end);
  }

  /** Omits an empty string, as proto3 does. */
  text(field: number, text: string): void {
    if (text === '') return;
    const length = Buffer.byteLength(text);
    this.#take(length);
    this.#bytes.write(text, this.#at);
    this.varint(length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  true(field: number): void {
    this.varint(1);
    this.#tag(field, VARINT);
  }

  /** Writes bytes without a head. */
  raw(bytes: Uint8Array): void {
    this.#take(bytes.length);
    this.#bytes.set(bytes, this.#at);
  }

  /** Writes a number without a head. */
  varint(low: number, high = 0): void {
    let size = 1;
    for (let l = low >>> 0, h = high >>> 0; h !== 0 || l > 0x7f; size += 1) {
      l = ((l >>> 7) | (h << 25)) >>> 0;
      h >>>= 7;
    }
    this.#take(size);
    let at = this.#at;
    let l = low >>> 0;
    let h = high >>> 0;
    for (; size > 1; size -= 1) {
      this.#bytes[at] = (l & 0x7f) | 0x80;
      at += 1;
      l = ((l >>> 7) | (h << 25)) >>> 0;
      h >>>= 7;
    }
    this.#bytes[at] = l;
  }

  #tag(field: number, wireType: typeof VARINT | typeof FIXED64 | typeof LENGTH_DELIMITED | typeof FIXED32): void {
    this.varint((field << 3) | wireType);
  }

  #take(bytes: number): void {
    if (this.#at < bytes) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2 + bytes);
      const at = larger.length - this.length;
      larger.set(this.finish(), at);
      this.#bytes = larger;
      this.#at = at;
    }
    this.#at -= bytes;
  }
}
