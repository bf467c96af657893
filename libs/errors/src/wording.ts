/** The longest piece of a client's text that a message repeats. */
const LONGEST = 60;
const MOST_LISTED = 10;

/** A text, cut to fit into a message. */
export const clip = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/** A name or a text as a message repeats it: in quotes, and cut. */
export const quote = (text: string): string => JSON.stringify(clip(text));

/** The first of some items, for a sentence: `a, b, …`. */
export function listed<T>(items: readonly T[], worded: (item: T) => string = String): string {
  const first = items.slice(0, MOST_LISTED).map(worded).join(', ');
  return items.length > MOST_LISTED ? `${first}, …` : first;
}

/** A JSON value as an error names it: scalars as they are, others by their kind. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'missing';
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** Names for a sentence: `"a", "b"`. */
export const listNames = (names: readonly string[]): string => listed(names, quote) || 'none';

/** A shape for a sentence: `[2, 3]`. Dimensions that are not numbers appear as sent. */
export const showShape = (shape: readonly unknown[]): string => `[${listed(shape, describe)}]`;
