import { itemsOf, membersOf, startOf } from './json-text.ts';

/** The name and the index labels of a column. */
export interface LabelledColumn {
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * Whether the labels stand in the first column's text in this order, which is quickly told of most tables. False where
 * that needs a closer look. No column may have a number for its name.
 *
 * @param text valid JSON of a DataFrame dict whose first column has these labels, in whatever order
 */
export function standInOrder(text: string, labels: readonly string[]): boolean {
  const end = text.indexOf('}');
  // Nothing that opens or closes an object may stand between the labels, also not in a text.
  let at = text.lastIndexOf('{', end);
  for (const label of labels) {
    // A key, not a part of a text: there its first quote would be escaped, or something else follow its last.
    at = text.indexOf(`"${label}":`, at);
    if (at === -1 || at > end) return false;
    at += label.length;
  }
  return true;
}

/**
 * The first column of a DataFrame dict (column → index label → value), with its labels in the order of the text: in that
 * of JavaScript's objects, the rows of a shuffled table would change places. The labels of a list are its places; any
 * other value has none.
 *
 * @param text valid JSON
 * @param at where the table begins in it: an object that is not empty
 */
export function firstColumn(text: string, at = startOf(text)): LabelledColumn {
  const [first] = membersOf(text, at);
  const { name, at: column } = first!;
  const labels = new Set<string>();
  if (text[column] === '[') for (const _ of itemsOf(text, column)) labels.add(String(labels.size));
  if (text[column] === '{') for (const member of membersOf(text, column)) labels.add(member.name);
  return { name, labels: [...labels] };
}
