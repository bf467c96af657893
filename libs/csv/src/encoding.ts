/** What the bytes of a text are. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the labels of the WHATWG's Encoding Standard: UTF-16 without more is little-endian. */
const CHARSETS: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

/** The encoding that a charset names; undefined for one that is not read. */
export function encodingOf(charset: string): Encoding | undefined {
  const label = charset.trim().toLowerCase();
  return Object.hasOwn(CHARSETS, label) ? CHARSETS[label] : undefined;
}

/** The encoding that a byte order mark at the start of a text tells; undefined where none of UTF-16 is there. */
export function markedEncoding(start: Uint8Array): Encoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return undefined;
}
