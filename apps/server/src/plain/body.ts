import { NestorError } from '#errors';
import type { RowReader, Rows } from '#features';
import { bodyBytes, bodyText, parseJson } from '../http/json-body.ts';
import { mediaTypeOf } from '../http/media-type.ts';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/;

/**
 * Reads the rows of a `/predict` request. Without a content type the body is taken for JSON.
 *
 * @throws NestorError EMPTY_BODY, UNSUPPORTED_MEDIA_TYPE, MALFORMED_BODY, and what the reader finds wrong in the rows
 */
export function readRows(body: Buffer | undefined, contentType: string | undefined, reader: RowReader): Rows {
  const type = mediaTypeOf(contentType);
  if (type === 'text/csv') return reader.readCsv(bodyBytes(body));
  if (!isJson(type)) {
    const noPictures = /^(?:image|multipart)\//.test(type) ? ': the model takes rows, not pictures' : '';
    throw new NestorError(
      'UNSUPPORTED_MEDIA_TYPE',
      `"${type}" is not understood here${noPictures}; application/json and text/csv are.`,
    );
  }
  const text = bodyText(body);
  return reader.read(parseJson(text), text);
}

/** Whether a media type is JSON's, or there is none. */
export function isJson(type: string): boolean {
  return type === '' || type === 'application/json' || JSON_TYPE.test(type);
}
