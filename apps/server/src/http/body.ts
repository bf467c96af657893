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
 * The text of a JSON body without a byte order mark. Counts the memory that its values will take.
 *
 * @throws NestorError EMPTY_BODY; MALFORMED_BODY if it is not UTF-8; the errors of `weighJson`
 */
export function jsonText(request: WeighedRequest & { readonly body: unknown }): string {
  const bytes = bodyBytes(request.body as Buffer | undefined);
  if (!isUtf8(bytes)) throw new NestorError('MALFORMED_BODY', 'The body is not valid UTF-8.');
  weighJson(request, bytes);
  return withoutMark(bytes.toString('utf8'));
}

/** The tokens that Python's json.dumps writes for missing values, which are not valid JSON. */
const NO_NUMBER = /[:,[]\s*(-?(?:NaN|Infinity))\s*[,\]}]/;

/**
 * @param parse the parser that the model needs (see `RowReader.parse`)
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
    const hint = token === undefined ? '' : ` JSON has no ${token}; send null for a missing value.`;
    throw new NestorError('MALFORMED_BODY', `The body is not valid JSON: ${reason}.${hint}`, { cause });
  }
}
