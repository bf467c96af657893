import fc from 'fast-check';

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Places at which bytes are cut into pieces, so many that some are inside a character, a line break or a quote. */
export const places = fc.array(fc.nat(400), { maxLength: 12 });

/** Bytes in pieces, cut at these places. */
export function piecesOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const bounds = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return bounds.slice(1).map((to, at) => bytes.subarray(bounds[at], to));
}

/** Everything that a reader returns for bytes that are cut into pieces at these places. */
export function read<T>(
  reader: { push(bytes: Uint8Array): T[]; end(): T[] },
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): T[] {
  return [...piecesOf(bytes, cuts).flatMap((piece) => reader.push(piece)), ...reader.end()];
}
