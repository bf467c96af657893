const LONGEST = 60;
const MOST_NAMES = 10;

/** A name or a text of the request, quoted and cut to a length that fits a sentence. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
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
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MOST_NAMES).map(quote).join(', ');
  return names.length > MOST_NAMES ? `${listed}, …` : listed || 'none';
}

/** A shape for a sentence: `[2, 3]`. What is no number is shown as it came. */
export function showShape(shape: readonly unknown[]): string {
  const dimensions = shape.slice(0, MOST_NAMES).map(describe).join(', ');
  return `[${dimensions}${shape.length > MOST_NAMES ? ', …' : ''}]`;
}
