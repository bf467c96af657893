import { parse } from 'content-type';
import { NestorError } from '#errors';

export type MediaType = 'application/json' | 'text/csv';

/**
 * The media type of a body, by the scoring server's rules: UTF-8 is the only charset, and the charset is the only
 * parameter. A request without a content type is JSON.
 *
 * @throws NestorError UNSUPPORTED_MEDIA_TYPE
 */
export function mediaTypeOf(contentType: string | undefined): MediaType {
  if (contentType === undefined || contentType === 'application/json') return 'application/json';
  const { type, parameters } = parse(contentType);
  for (const [name, value] of Object.entries(parameters)) {
    if (name !== 'charset') throw unsupported(`the content type's parameter "${name}" is not supported`);
    if (value.toLowerCase() !== 'utf-8') throw unsupported('the charset is not UTF-8, the only one supported');
  }
  if (type === 'application/json' || type === 'text/csv') return type;
  throw unsupported(`"${type}" is not supported; send application/json or text/csv`);
}

function unsupported(reason: string): NestorError {
  return new NestorError('UNSUPPORTED_MEDIA_TYPE', `The body is not read: ${reason.slice(0, 200)}.`);
}
