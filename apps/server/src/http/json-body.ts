import { isUtf8 } from 'node:buffer';
import { NestorError } from '#errors';

/**
 * The text of a body.
 *
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY where it is no UTF-8
 */
export function bodyText(body: Buffer | undefined): string {
  if (body === undefined || body.length === 0) throw new NestorError('EMPTY_BODY', 'The body is empty.');
  if (!isUtf8(body)) throw new NestorError('MALFORMED_BODY', 'The body is not valid UTF-8.');
  return body.toString('utf8');
}

/** @throws NestorError MALFORMED_BODY with the parser's reason */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be parsed';
    throw new NestorError('MALFORMED_BODY', `The body is not valid JSON: ${reason.slice(0, 200)}.`, { cause });
  }
}
