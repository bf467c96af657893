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
