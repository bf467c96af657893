import { listed, quote } from '#errors';

/** A JSON value as it is named in an error: scalars as they are, the rest by its kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'missing';
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** Names for a sentence: `"a", "b"`. */
export const listNames = (names: readonly string[]): string => listed(names, quote) || 'none';

/** A shape for a sentence: `[2, 3]`. What is no number is shown as it came. */
export const showShape = (shape: readonly unknown[]): string => `[${listed(shape, describe)}]`;
