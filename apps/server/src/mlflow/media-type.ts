import { parse } from 'content-type';
import { NestorError } from '#errors';

export type MediaType = 'application/json' | 'text/csv';

/**
 * Which of the two media types a body has, by the scoring server's rules: UTF-8 is the only charset and the charset the
 * only parameter. A request without a content type is JSON.
 *
 * @throws NestorError UNSUPPORTED_MEDIA_TYPE
 */
export function mediaTypeOf(contentType: string | undefined): MediaType {
  if (contentType === undefined || contentType === 'application/json') return 'application/json';
  const { type, parameters } = parse(contentType);
  for (const [name, value] of Object.entries(parameters)) {
    if (name !== 'charset') throw unsupported(`the parameter "${name}" of a content type is not understood`);
    if (value.toLowerCase() !== 'utf-8') throw unsupported('the charset is not UTF-8, the only one understood');
  }
  if (type === 'application/json' || type === 'text/csv') return type;
  throw unsupported(`"${type}" is not understood; application/json and text/csv are`);
}

function unsupported(reason: string): NestorError {
  return new NestorError('UNSUPPORTED_MEDIA_TYPE', `The body is not read: ${reason.slice(0, 200)}.`);
}
