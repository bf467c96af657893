import { type Encoding, markedEncoding } from './encoding.ts';

/** How many code units become a string at once. */
const UNITS_AT_ONCE = 4096;
/** An invalid byte in UTF-8, which replaces an invalid character, so that the reader rejects the line with it. */
const NO_CHARACTER = Uint8Array.of(0xff);
const NOTHING = new Uint8Array(0);

const encoder = new TextEncoder();

/**
 * Converts the bytes of a text, which come in pieces, to UTF-8. It knows UTF-16 by its byte order mark or its name. All
 * other bytes stay unchanged.
 */
export class Transcoder {
  /** The encoding of the bytes; undefined until enough of them have come. */
  #encoding: Encoding | undefined;
  readonly #named: Encoding;
  /** Bytes of an incomplete character. */
  #rest = NOTHING;

  /** @param named the encoding of a text without a mark */
  constructor(named: Encoding = 'utf-8') {
    this.#named = named;
  }

  /** These bytes in UTF-8, up to the last complete character. */
  push<Bytes extends ArrayBufferLike>(bytes: Uint8Array<Bytes>): Uint8Array<Bytes | ArrayBuffer> {
    if (this.#encoding === 'utf-8') return bytes;
    const all = this.#rest.length === 0 ? bytes : joined([this.#rest, bytes]);
    this.#rest = NOTHING;
    if (this.#encoding === undefined) {
      // No UTF-8 text begins with the first byte of a UTF-16 mark.
      if (all.length < 2 && (this.#named !== 'utf-8' || all.length === 0 || all[0]! >= 0xfe)) return this.#keep(all);
      this.#encoding = markedEncoding(all) ?? this.#named;
      if (this.#encoding === 'utf-8') return all;
    }
    return this.#fromUtf16(all);
  }

  /** The rest at the end. */
  end(): Uint8Array<ArrayBuffer> {
    const rest = this.#rest;
    this.#rest = NOTHING;
    return rest.length === 0 ? NOTHING : NO_CHARACTER;
  }

  #keep(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    this.#rest = Uint8Array.from(bytes);
    return NOTHING;
  }

  #fromUtf16(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const units = new Uint16Array(bytes.length >> 1);
    const low = this.#encoding === 'utf-16le' ? 0 : 1;
    for (let at = 0; at < units.length; at += 1) units[at] = bytes[2 * at + low]! | (bytes[2 * at + 1 - low]! << 8);
    // The second half of a surrogate pair comes with the next piece.
    const whole = isHighSurrogate(units.at(-1)) ? units.length - 1 : units.length;
    this.#keep(bytes.subarray(2 * whole));
    return utf8Of(textOf(units.subarray(0, whole)));
  }
}

const isHighSurrogate = (unit: number | undefined): boolean => unit !== undefined && unit >> 10 === 0x36;

function textOf(units: Uint16Array): string {
  let text = '';
  for (let from = 0; from < units.length; from += UNITS_AT_ONCE)
    text += String.fromCharCode(...units.subarray(from, from + UNITS_AT_ONCE));
  return text;
}

/** Half of a surrogate pair is not a character. */
function utf8Of(text: string): Uint8Array<ArrayBuffer> {
  const [first, ...others] = text.split(/\p{Surrogate}/u).map((part) => encoder.encode(part));
  return others.length === 0 ? first! : joined([first!, ...others.flatMap((part) => [NO_CHARACTER, part])]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
