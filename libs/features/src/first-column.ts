/** The name and the index labels of a column. */
export interface LabelledColumn {
  readonly name: string;
  readonly labels: readonly string[];
}

/**
 * The first column of a DataFrame dict (column → index label → value), with its labels in the order of the text.
 * JavaScript's objects do not keep that order: they have keys that are whole numbers first, ascending, so that the rows
 * of a shuffled table would change places.
 *
 * @param text valid JSON, an object whose first member is an object
 */
export function firstColumn(text: string): LabelledColumn {
  const names: string[] = [];
  const labels = new Set<string>();
  // 1 inside the table, 2 inside its first column, more inside a value.
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') {
      const end = endOfString(text, at);
      if (depth === 1) names.push(JSON.parse(text.slice(at, end)) as string);
      else if (depth === 2 && isKey(text, end)) labels.add(JSON.parse(text.slice(at, end)) as string);
      at = end - 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 1) break;
    }
  }
  return { name: names[0]!, labels: [...labels] };
}

/** Where the string that begins at a quote is over: behind the first quote that is not escaped. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
}

const COLON = /\s*:/y;

function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end;
  return COLON.test(text);
}
