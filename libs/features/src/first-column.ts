import { itemsOf, membersOf, startOf } from './json-text.ts';

/** The name and the index labels of a column. */
export interface LabelledColumn {
  readonly name: string;
  readonly labels: readonly string[];
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
