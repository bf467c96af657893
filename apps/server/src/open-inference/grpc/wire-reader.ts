import { isUtf8 } from 'node:buffer';
import { NestorError } from '#errors';

/** Wire types. Groups are rejected because proto3 does not have them. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/** The shift of the last byte of the longest varint: ten bytes of seven bits. */
const LAST_SHIFT = 63;

/**
 * Reads a protobuf message field by field. It decodes a field only on demand.
 *
 * Every method throws NestorError MALFORMED_BODY for an invalid message.
 * Source: protobuf.dev, Encoding.
 */
export class WireReader {
  /** The number of the current field. */
  field = 0;
  wireType = VARINT;
  /** The lower and upper 32 bits of the last varint, unsigned. */
  low = 0;
  high = 0;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Moves to the next field; false at the end of the message. Read or skip its value before calling `next` again. */
  next(): boolean {
    if (this.done) return false;
    this.varint();
    this.field = this.low >>> 3;
    this.wireType = this.low & 7;
    if (this.field === 0 || this.high !== 0) throw malformed('a field has the number 0 or one that is too high');
    return true;
  }

  /** Reads a varint into `low` and `high`. */
  varint(): void {
    let byte = this.#byte();
    let low = byte & 0x7f;
    let high = 0;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > LAST_SHIFT) throw malformed('a number is longer than 64 bits');
      byte = this.#byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
    }
    this.low = low >>> 0;
    this.high = high >>> 0;
  }

  /** Reads a signed 64-bit integer, as a bigint only if a double cannot hold it. */
  int64(): number | bigint {
    this.varint();
    const high = this.high | 0;
    const value = high * 2 ** 32 + this.low;
    return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(this.low);
  }

  uint64(): number | bigint {
    this.varint();
    const value = this.high * 2 ** 32 + this.low;
    return Number.isSafeInteger(value) ? value : (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  double(): number {
    return this.fixed(8).readDoubleLE();
  }

  /** Returns the next bytes as a view, not a copy. */
  fixed(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw malformed('it ends within a field');
    return this.#bytes.subarray(start, this.#at);
  }

  /** Returns length-prefixed bytes as a view, not a copy. */
  bytes(): Buffer {
    this.expect(LENGTH_DELIMITED);
    this.varint();
    if (this.high !== 0) throw malformed('it ends within a field');
    return this.fixed(this.low);
  }

  text(): string {
    const bytes = this.bytes();
    if (!isUtf8(bytes)) throw malformed(`field ${this.field} is not valid UTF-8`);
    return bytes.toString('utf8');
  }

  /** Skips the field's value. */
  skip(): void {
    if (this.wireType === VARINT) this.varint();
    else if (this.wireType === LENGTH_DELIMITED) this.bytes();
    else if (this.wireType === FIXED64) this.fixed(8);
    else if (this.wireType === FIXED32) this.fixed(4);
    else throw malformed(`field ${this.field} has the wire type ${this.wireType}`);
  }

  expect(wireType: number): void {
    if (this.wireType === wireType) return;
    throw malformed(`field ${this.field} has the wire type ${this.wireType} where ${wireType} is expected`);
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw malformed('it ends within a number');
    const byte = this.#bytes[this.#at]!;
    this.#at += 1;
    return byte;
  }
}

function malformed(why: string): NestorError {
  return new NestorError('MALFORMED_BODY', `The request is not a valid message of its type: ${why}.`);
}
