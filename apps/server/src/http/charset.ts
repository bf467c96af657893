import { parse } from 'content-type';
import { type Encoding, encodingOf } from '#csv';
import { NestorError, quote } from '#errors';

/**
 * The encoding of a table, from the charset of its Content-Type; undefined without a charset.
 *
 * @throws NestorError UNSUPPORTED_MEDIA_TYPE for charsets other than UTF-8 and UTF-16
 */
export function encodingOfTable(contentType: string | undefined): Encoding | undefined {
  // Most requests have no parameters: do not parse them.
  if (contentType === undefined || !contentType.includes(';')) return undefined;
  const { charset } = parse(contentType).parameters;
  if (charset === undefined) return undefined;
  const encoding = encodingOf(charset);
  if (encoding !== undefined) return encoding;
  throw new NestorError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The charset ${quote(charset)} is not supported. Send the CSV in UTF-8 or UTF-16, and name it in the Content-Type.`,
  );
}
