import { isUtf8 } from 'node:buffer';
import { NestorError } from '#errors';
import type { RowReader, Rows } from '#features';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/;

/**
 * Reads the rows of a `/predict` request. Without a content type the body is taken for JSON.
 *
 * @throws NestorError EMPTY_BODY, UNSUPPORTED_MEDIA_TYPE, MALFORMED_BODY, and what the reader finds wrong in the rows
 */
export function readRows(body: Buffer | undefined, contentType: string | undefined, reader: RowReader): Rows {
  if (body === undefined || body.length === 0) throw new NestorError('EMPTY_BODY', 'The body is empty.');
  const type = mediaType(contentType);
  if (type === 'text/csv') return reader.readCsv(textOf(body));
  if (type !== '' && !JSON_TYPE.test(type)) {
    throw new NestorError(
      'UNSUPPORTED_MEDIA_TYPE',
      `"${type}" is not understood here; application/json and text/csv are.`,
    );
  }
  return reader.read(parseJson(textOf(body)));
}

function mediaType(contentType: string | undefined): string {
  if (contentType === undefined || contentType === 'application/json') return contentType ?? '';
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new NestorError('MALFORMED_BODY', 'The body is not valid UTF-8.');
  return body.toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be parsed';
    throw new NestorError('MALFORMED_BODY', `The body is not valid JSON: ${reason.slice(0, 200)}.`, { cause });
  }
}
