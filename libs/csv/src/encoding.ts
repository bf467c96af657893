/** The encoding of a text. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the labels of the WHATWG Encoding Standard, in which plain UTF-16 is little-endian. */
const CHARSETS: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

/** The encoding of a charset; undefined if it is not supported. */
export function encodingOf(charset: string): Encoding | undefined {
  const label = charset.trim().toLowerCase();
  return Object.hasOwn(CHARSETS, label) ? CHARSETS[label] : undefined;
}

/** The UTF-16 encoding that a byte order mark at the start of a text shows; undefined without one. */
export function markedEncoding(start: Uint8Array): Encoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return undefined;
}
