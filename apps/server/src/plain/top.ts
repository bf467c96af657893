import { NestorError } from '#errors';
import type { ModelVersion } from '#engine';

/**
 * How many classes to return for each row, from the query's `top`; undefined for all.
 *
 * @throws NestorError UNSUPPORTED_PARAMETER if `top` is not a whole number above 0, or if the highest class need not be
 * the likeliest: of scores that accompany a label, such as distances, it may be the least likely
 */
export function topOf(query: unknown, model: ModelVersion): number | undefined {
  const { name, writer } = model;
  const { top } = query as { top?: unknown };
  if (top === undefined) return undefined;
  if (writer.choice.classes === undefined)
    throw new NestorError('UNSUPPORTED_PARAMETER', `"top" asks for probabilities; ${name} has none.`);
  if (!hasLikeliest(model)) {
    const detail = `"top" asks for the likeliest classes, but a high score of ${name} may belong to an unlikely one.`;
    throw new NestorError('UNSUPPORTED_PARAMETER', detail);
  }
  if (typeof top === 'string' && /^[1-9]\d{0,8}$/.test(top)) return Number(top);
  throw new NestorError('UNSUPPORTED_PARAMETER', '"top" takes a whole number above 0.');
}

/** Whether a model has classes, of which the one with the highest value is the likeliest. */
export function hasLikeliest({ writer }: ModelVersion): boolean {
  const { classes, prediction } = writer.choice;
  return classes !== undefined && (classes.kind === 'probabilities' || prediction === undefined);
}
