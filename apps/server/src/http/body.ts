import { isUtf8 } from 'node:buffer';
import { withoutMark } from '#csv';
import { NestorError } from '#errors';
import { weighJson, type WeighedRequest } from './json-weight.ts';

/** @throws NestorError EMPTY_BODY */
export function bodyBytes(body: Buffer | undefined): Buffer {
  if (body === undefined || body.length === 0) throw new NestorError('EMPTY_BODY', 'The body is empty.');
  return body;
}

/**
 * The text of a body of JSON, past a byte order mark, with the memory counted that its values will take.
 *
 * @throws NestorError EMPTY_BODY; MALFORMED_BODY where it is no UTF-8; what `weighJson` throws
 */
export function jsonText(request: WeighedRequest & { readonly body: unknown }): string {
  const bytes = bodyBytes(request.body as Buffer | undefined);
  if (!isUtf8(bytes)) throw new NestorError('MALFORMED_BODY', 'The body is not valid UTF-8.');
  weighJson(request, bytes);
  return withoutMark(bytes.toString('utf8'));
}

/** What Python's json.dumps writes for a missing value, and JSON has not. */
const NO_NUMBER = /[:,[]\s*(-?(?:NaN|Infinity))\s*[,\]}]/;

/**
 * @param parse as the model needs it (see `RowReader.parse`)
 * @throws NestorError MALFORMED_BODY with the parser's reason
 */
export function parseJson(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const reason = (cause as SyntaxError).message
      .replace(/ is not valid JSON$/, '')
      .replaceAll('...', '…')
      .slice(0, 200);
    const token = NO_NUMBER.exec(text)?.[1];
    const hint = token === undefined ? '' : ` JSON has no ${token}; a missing value is null.`;
    throw new NestorError('MALFORMED_BODY', `The body is not valid JSON: ${reason}.${hint}`, { cause });
  }
}
