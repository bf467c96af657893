import { NestorError } from '#errors';
import type { ModelVersion } from '#engine';

/**
 * How many probabilities a row's answer is to have, by the query's `top`; undefined where it does not say.
 *
 * @throws NestorError UNSUPPORTED_PARAMETER where it is no whole number above 0, or the model has no probabilities
 */
export function topOf(query: unknown, { name, writer }: ModelVersion): number | undefined {
  const { top } = query as { top?: unknown };
  if (top === undefined) return undefined;
  if (writer.classes === undefined)
    throw new NestorError('UNSUPPORTED_PARAMETER', `"top" asks for probabilities; ${name} has none.`);
  if (typeof top === 'string' && /^[1-9]\d{0,8}$/.test(top)) return Number(top);
  throw new NestorError('UNSUPPORTED_PARAMETER', '"top" takes a whole number above 0.');
}
