import { NestorError } from '#errors';
import type { RowReader, Rows } from '#features';
import { bodyText, parseJson } from '../http/json-body.ts';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/;

/**
 * Reads the rows of a `/predict` request. Without a content type the body is taken for JSON.
 *
 * @throws NestorError EMPTY_BODY, UNSUPPORTED_MEDIA_TYPE, MALFORMED_BODY, and what the reader finds wrong in the rows
 */
export function readRows(body: Buffer | undefined, contentType: string | undefined, reader: RowReader): Rows {
  const type = mediaType(contentType);
  if (type === 'text/csv') return reader.readCsv(bodyText(body));
  if (type !== '' && !JSON_TYPE.test(type)) {
    throw new NestorError(
      'UNSUPPORTED_MEDIA_TYPE',
      `"${type}" is not understood here; application/json and text/csv are.`,
    );
  }
  return reader.read(parseJson(bodyText(body)));
}

function mediaType(contentType: string | undefined): string {
  if (contentType === undefined || contentType === 'application/json') return contentType ?? '';
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}
