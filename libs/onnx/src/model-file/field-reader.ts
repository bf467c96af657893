import protobuf from 'protobufjs/minimal.js';
import type { ByteRange } from './byte-range.ts';

/** The bytes are no protobuf message, or not all of them are there. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A field's number and type, and its value or length: three varints' worth. */
const HEAD_BYTES = 20;
/** What protobuf's own parsers allow. */
const MAX_DEPTH = 100;
/** Longer texts are cut: no name is that long. */
const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Reads a protobuf message field by field, with protobufjs's reader for the values. It skips fields that nobody asks for by
 * their length, without reading them from the file: a message of any size needs the memory of one piece.
 *
 * Throws MalformedMessage if the bytes are not a message.
 */
export class FieldReader {
  readonly #bytes: ByteRange;
  #window = protobuf.Reader.create(Buffer.alloc(0));
  /** The offset of the window in the bytes. */
  #windowAt = 0;
  /** The value of the current field: a number, or where its bytes end. */
  #wireType = LENGTH_DELIMITED;
  #number = 0;
  #end: number;
  #depth = 0;
  #leaving = false;

  constructor(bytes: ByteRange) {
    this.#bytes = bytes;
    this.#end = bytes.size;
  }

  /** The bytes of the current field's value. */
  get length(): number {
    return this.#end - this.#at;
  }

  /**
   * Goes through the fields of the current field's message, at first the file's, and calls the handler under each field's
   * number. It skips fields that have no handler, or whose handler does not read the value.
   */
  fields(actions: Readonly<Record<number, () => unknown>>): void {
    this.#expectBytes();
    const end = this.#end;
    if ((this.#depth += 1) > MAX_DEPTH) throw new MalformedMessage('its messages are nested too deep');
    while (this.#at < end) {
      const field = this.#next(end);
      const next = this.#end;
      actions[field]?.();
      this.#seek(this.#leaving ? end : next);
      this.#leaving = false;
    }
    this.#depth -= 1;
  }

  /** Skips the rest of the current field's message. */
  leave(): void {
    this.#leaving = true;
  }

  /** Beyond 2^53, the nearest number. */
  integer(): number {
    if (this.#wireType !== VARINT) throw new MalformedMessage('a number is of another type');
    return this.#number;
  }

  float(): number {
    if (this.#wireType !== FIXED32 && this.#wireType !== FIXED64)
      throw new MalformedMessage('a number is of another type');
    return this.#number;
  }

  text(): string {
    const length = this.#loadValue(MAX_TEXT_BYTES);
    const { pos, buf } = this.#window;
    return (buf as Buffer).toString('utf8', pos, pos + length);
  }

  /** The value's bytes, or the first `most` of them, as a copy. */
  bytes(most = Infinity): Buffer {
    const length = this.#loadValue(most);
    const { pos, buf } = this.#window;
    return Buffer.from(buf.subarray(pos, pos + length));
  }

  /** Numbers of a list, whichever of its two forms it has: the current one, or the packed ones, `most` and one at most. */
  integers(most = Infinity): number[] {
    if (this.#wireType === VARINT) return [this.#number];
    return this.#packed(most, 10, (window) => toNumber(window.int64()));
  }

  floats(most: number): number[] {
    if (this.#wireType === FIXED32) return [this.#number];
    return this.#packed(most, 4, (window) => window.float());
  }

  doubles(most: number): number[] {
    if (this.#wireType === FIXED64) return [this.#number];
    return this.#packed(most, 8, (window) => window.double());
  }

  #packed(most: number, longest: number, read: (window: protobuf.Reader) => number): number[] {
    const window = protobuf.Reader.create(this.bytes((most + 1) * longest));
    const numbers: number[] = [];
    try {
      while (window.pos < window.len && numbers.length <= most) numbers.push(read(window));
    } catch (error) {
      throw new MalformedMessage('it ends within a number', { cause: error });
    }
    return numbers;
  }

  get #at(): number {
    return this.#windowAt + this.#window.pos;
  }

  /** Goes to the next field, of a message that ends at `end`. */
  #next(end: number): number {
    this.#load(HEAD_BYTES);
    let field: number;
    try {
      field = this.#head();
    } catch (error) {
      throw new MalformedMessage('it ends within a number', { cause: error });
    }
    if (this.#end > end || field === 0) throw new MalformedMessage('it ends within a field');
    return field;
  }

  /** Reads a field's number and type, and its length or, of numbers, its value. */
  #head(): number {
    const window = this.#window;
    const tag = window.uint32();
    this.#wireType = tag & 7;
    let length = 0;
    if (this.#wireType === VARINT) this.#number = toNumber(window.int64());
    else if (this.#wireType === FIXED32) this.#number = window.float();
    else if (this.#wireType === FIXED64) this.#number = window.double();
    else if (this.#wireType === LENGTH_DELIMITED) length = window.uint32();
    else throw new MalformedMessage(`a field has the wire type ${this.#wireType}`);
    this.#end = this.#at + length;
    return tag >>> 3;
  }

  #expectBytes(): void {
    if (this.#wireType !== LENGTH_DELIMITED) throw new MalformedMessage('a number stands in place of a message');
  }

  #seek(at: number): void {
    const pos = at - this.#windowAt;
    if (pos >= 0 && pos <= this.#window.len) this.#window.pos = pos;
    else {
      this.#window = protobuf.Reader.create(Buffer.alloc(0));
      this.#windowAt = at;
    }
  }

  /** Brings the value's bytes into the window, at most the first `most`; returns how many. */
  #loadValue(most: number): number {
    this.#expectBytes();
    const length = Math.min(this.length, most);
    this.#load(length);
    return length;
  }

  /** Brings this many bytes into the window, or all that are left. */
  #load(length: number): void {
    const { pos, len } = this.#window;
    if (len - pos >= length || this.#windowAt + len >= this.#bytes.size) return;
    const at = this.#at;
    this.#window = protobuf.Reader.create(this.#bytes.look(at, length));
    this.#windowAt = at;
  }
}

/** protobufjs returns 64-bit numbers in the form of the package "long". */
function toNumber(value: object): number {
  return (value as { toNumber(): number }).toNumber();
}
