/**
 * Walks over the text of valid JSON, which keeps the order of members. Parsing loses it: JavaScript's objects list keys
 * that are whole numbers first, in ascending order.
 */

/** A member of an object. */
export interface Member {
  readonly name: string;
  /** Where its value begins in the text. */
  readonly at: number;
}

/** The start of a text's value. */
export const startOf = (text: string): number => skipSpace(text, 0);

/** The members of the object that begins at `at`, in their order. */
export function* membersOf(text: string, at: number): Generator<Member> {
  for (let next = skipSpace(text, at + 1); text[next] !== '}';) {
    const end = endOfString(text, next);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    yield { name: JSON.parse(text.slice(next, end)) as string, at: value };
    next = behindValue(text, value);
  }
}

/** The starts of the items of the list that begins at `at`. */
export function* itemsOf(text: string, at: number): Generator<number> {
  for (let next = skipSpace(text, at + 1); text[next] !== ']'; next = behindValue(text, next)) yield next;
}

/** The start of the next value or name after a value, or the bracket that closes the surrounding list or object. */
function behindValue(text: string, at: number): number {
  const next = skipSpace(text, endOfValue(text, at));
  return text[next] === ',' ? skipSpace(text, next + 1) : next;
}

const BEHIND_SCALAR = /[\s,\]}]/g;

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  if (text[start] !== '{' && text[start] !== '[') {
    BEHIND_SCALAR.lastIndex = start;
    return BEHIND_SCALAR.exec(text)?.index ?? text.length;
  }
  let depth = 0;
  for (let at = start; ; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
}

/** The end of the string that begins at a quote: after the first quote that is not escaped. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}
