/** Longest piece of a client's own text that a message repeats. */
const LONGEST = 60;
const MOST_LISTED = 10;

/** A text, cut to a length fit for a message. */
export const clip = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/** A name or a text as a message repeats it: in quotes, and cut. */
export const quote = (text: string): string => JSON.stringify(clip(text));

/** The first of some items, for a sentence: `a, b, …`. */
export function listed<T>(items: readonly T[], worded: (item: T) => string = String): string {
  const first = items.slice(0, MOST_LISTED).map(worded).join(', ');
  return items.length > MOST_LISTED ? `${first}, …` : first;
}

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
