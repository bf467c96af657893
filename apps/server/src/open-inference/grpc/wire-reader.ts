import { isUtf8 } from 'node:buffer';
import { NestorError } from '#errors';

/** How a field lies on the wire; groups, which proto3 does not have, are refused. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/** The longest varint: ten times seven bits. */
const LAST_SHIFT = 63;

/**
 * Reads a protobuf message field by field, without making anything of what nobody asked for: a field is the bytes that
 * it takes, until it is wanted as something.
 *
 * Every method throws NestorError MALFORMED_BODY where the bytes are no message.
 * Source: protobuf.dev, Encoding.
 */
export class WireReader {
  /** The number of the field that `next` went to. */
  field = 0;
  wireType = VARINT;
  /** The lower and upper 32 bits of the varint read last, unsigned. */
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

  /** Goes to the next field; false at the end of the message. Its value must be read, or skipped, before the next. */
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

  /** Reads a signed 64-bit number: a bigint only where a double would not hold it. */
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

  /** Reads so many bytes: a view, not a copy. */
  fixed(length: number): Buffer {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw malformed('it ends within a field');
    return this.#bytes.subarray(start, this.#at);
  }

  /** Reads a length and so many bytes: a view, not a copy. */
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

  /** Passes over the field's value. */
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
  return new NestorError('MALFORMED_BODY', `The request is no message of its type: ${why}.`);
}
