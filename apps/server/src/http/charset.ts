import { parse } from 'content-type';
import { type Encoding, encodingOf } from '#csv';
import { NestorError, quote } from '#errors';

/**
 * The encoding of a table, as the charset of its Content-Type names it; undefined where none is named.
 *
 * @throws NestorError UNSUPPORTED_MEDIA_TYPE for another than UTF-8 and UTF-16
 */
export function encodingOfTable(contentType: string | undefined): Encoding | undefined {
  // Parameters are rare: most requests have none to parse.
  if (contentType === undefined || !contentType.includes(';')) return undefined;
  const { charset } = parse(contentType).parameters;
  if (charset === undefined) return undefined;
  const encoding = encodingOf(charset);
  if (encoding !== undefined) return encoding;
  throw new NestorError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The charset ${quote(charset)} is not read: send the CSV in UTF-8 or UTF-16, and name that in its Content-Type.`,
  );
}
