import { itemsOf, membersOf, startOf } from './json-text.ts';

/** The name and the index labels of a column. */
export interface LabelledColumn {
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * Whether the labels are in this order in the first column's text: a quick check that most tables pass. False if that
 * needs a full parse. No column may have a number as its name.
 *
 * @param text valid JSON of a DataFrame dict whose first column has these labels, in any order
 */
export function standInOrder(text: string, labels: readonly string[]): boolean {
  const end = text.indexOf('}');
  // No brace may be between the labels, not even in a string.
  let at = text.lastIndexOf('{', end);
  for (const label of labels) {
    // Finds only keys: inside a string, the first quote would be escaped, or no colon would follow the last one.
    at = text.indexOf(`"${label}":`, at);
    if (at === -1 || at > end) return false;
    at += label.length;
  }
  return true;
}

/**
 * The first column of a DataFrame dict (column → index label → value), with its labels in the order of the text. In the
 * key order of JavaScript's objects, the rows of a shuffled table would change places. The labels of a list are its
 * indices; any other value has no labels.
 *
 * @param text valid JSON
 * @param at the start of the table in the text: an object that is not empty
 */
export function firstColumn(text: string, at = startOf(text)): LabelledColumn {
  const [first] = membersOf(text, at);
  const { name, at: column } = first!;
  const labels = new Set<string>();
  if (text[column] === '[') for (const _ of itemsOf(text, column)) labels.add(String(labels.size));
  if (text[column] === '{') for (const member of membersOf(text, column)) labels.add(member.name);
  return { name, labels: [...labels] };
}
