import fc from 'fast-check';

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** Places at which bytes are cut into pieces: many of them, so that some lie within a character, a break or a quote. */
export const places = fc.array(fc.nat(400), { maxLength: 12 });

/** What a reader gives for bytes that come in pieces, cut at these places. */
export function read<T>(
  reader: { push(bytes: Uint8Array): T[]; end(): T[] },
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): T[] {
  const bounds = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const items = bounds.slice(1).flatMap((to, at) => reader.push(bytes.subarray(bounds[at], to)));
  return [...items, ...reader.end()];
}
