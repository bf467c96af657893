import { withoutMark } from './byte-order-mark.ts';
import type { Fault } from './csv-record.ts';
import { otherFormatOf } from './other-format.ts';

/** Where a line begins. */
export interface Place {
  /** In bytes. */
  readonly offset: number;
  /** The number of the line, from 1. */
  readonly line: number;
}

export interface Line extends Place {
  /** Without its line break, and with U+FFFD for invalid UTF-8; empty if the line is too long or the file not text. */
  readonly text: string;
  readonly lineBreak: '\n' | '\r\n';
  readonly fault: Exclude<Fault, 'wrong quotes'> | undefined;
}

export const START: Place = { offset: 0, line: 1 };

const FEED = 0x0a;
/** A UTF-16 code unit takes at most three bytes in UTF-8. */
const BYTES_A_CHARACTER = 3;
/** The bytes of a byte order mark and a carriage return, which are not part of a line's text. */
const BYTES_BESIDE_TEXT = 4;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads lines from bytes that come in pieces. The lines are the same wherever the pieces end. The work grows with the
 * number of bytes, however small the pieces are; memory is bounded by a piece and the longest line allowed.
 */
export class LineReader {
  readonly #longest: number;
  /** The beginning and the number of the current line, whose end has not come yet. */
  #offset: number;
  #number: number;
  /** Its bytes, at the start of a buffer that doubles when it is full. */
  #buffer = new Uint8Array(0);
  #kept = 0;
  /** How many of its bytes were discarded because it is too long. */
  #skipped = 0;

  /**
   * @param longest the maximum number of characters in a line
   * @param from the place of the first byte in the input
   */
  constructor(longest: number, from = START) {
    this.#longest = longest;
    this.#offset = from.offset;
    this.#number = from.line;
  }

  /** The beginning of the current line, whose end has not come yet. */
  get place(): Place {
    return { offset: this.#offset, line: this.#number };
  }

  /** Returns the lines that these bytes complete. */
  push(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    const end = bytes.lastIndexOf(FEED) + 1;
    if (end > 0) {
      const from = this.#skipped > 0 ? bytes.indexOf(FEED) + 1 : 0;
      if (from > 0) this.#endSkipped(from, lines);
      this.#complete(bytes.subarray(from, end), lines);
    }
    this.#keep(bytes.subarray(end));
    return lines;
  }

  /** Returns the last line, if it has no line break. */
  end(): Line[] {
    const lines: Line[] = [];
    if (this.#skipped > 0) this.#endSkipped(0, lines);
    else this.#complete(new Uint8Array(0), lines);
    return lines;
  }

  /** @param bytes how many more of its bytes have come */
  #endSkipped(bytes: number, lines: Line[]): void {
    lines.push({ offset: this.#offset, line: this.#number, text: '', lineBreak: '\n', fault: 'too long' });
    this.#offset += this.#skipped + bytes;
    this.#number += 1;
    this.#skipped = 0;
  }

  /** Adds the lines that are complete with these bytes. */
  #complete(bytes: Uint8Array, lines: Line[]): void {
    if (this.#kept === 0) {
      this.#cut(bytes, lines);
    } else {
      this.#append(bytes);
      this.#cut(this.#buffer.subarray(0, this.#kept), lines);
      this.#kept = 0;
    }
  }

  /** Keeps the beginning of a line, unless the line is already too long. */
  #keep(bytes: Uint8Array): void {
    if (this.#skipped > 0) {
      this.#skipped += bytes.length;
      return;
    }
    this.#append(bytes);
    if (this.#kept <= this.#longest * BYTES_A_CHARACTER + BYTES_BESIDE_TEXT) return;
    this.#skipped = this.#kept;
    this.#kept = 0;
    this.#buffer = new Uint8Array(0);
  }

  #append(bytes: Uint8Array): void {
    const length = this.#kept + bytes.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#kept));
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#kept);
    this.#kept = length;
  }

  /** Splits bytes into lines. Decodes them together, which is much faster, unless one of them is not UTF-8. */
  #cut(bytes: Uint8Array, lines: Line[]): void {
    const all = decoded(bytes);
    const texts = all?.split('\n');
    // In ASCII, the indices of text and bytes are the same.
    const isAscii = all?.length === bytes.length;
    for (let from = 0, at = 0; from < bytes.length; at += 1) {
      const feed = isAscii ? from + texts![at]!.length : bytes.indexOf(FEED, from);
      const to = feed === -1 ? bytes.length : feed;
      const text = texts === undefined ? decoded(bytes.subarray(from, to)) : texts[at];
      if (text !== undefined) lines.push(this.#line(text, undefined));
      else lines.push(this.#line(lenient.decode(bytes.subarray(from, to)), 'not UTF-8'));
      const next = Math.min(to + 1, bytes.length);
      this.#offset += next - from;
      this.#number += 1;
      from = next;
    }
  }

  #line(whole: string, fault: Line['fault']): Line {
    const offset = this.#offset;
    const line = this.#number;
    const start = offset === 0 ? withoutMark(whole) : whole;
    const other = offset === 0 ? otherFormatOf(start) : undefined;
    if (other !== undefined) return { offset, line, text: '', lineBreak: '\n', fault: other };
    const hasReturn = start.endsWith('\r');
    const text = hasReturn ? start.slice(0, -1) : start;
    if (text.length > this.#longest) return { offset, line, text: '', lineBreak: '\n', fault: 'too long' };
    return { offset, line, text, lineBreak: hasReturn ? '\r\n' : '\n', fault };
  }
}

/** The text of bytes; undefined if they are not UTF-8. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
