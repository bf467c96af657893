import type { TextTokenizer } from './tokenizer.ts';

/** Where a token begins and ends in its text, in UTF-16 units. */
export type Place = readonly [start: number, end: number];

/** How far a token is looked for behind the one before it. */
const REACH = 64;

/**
 * Where tokens stand in their text. The tokenizer does not say: each is looked for behind the one before it, in the text as the
 * tokenizer spells it (lower case, without accents). One that is not found, such as an unknown word, reaches to the next that
 * is.
 */
export function placesOf(text: string, ids: readonly number[], tokenizer: TextTokenizer): Place[] {
  const { spelt, origins } = spelling(text, tokenizer);
  let cursor = 0;
  const found = ids.map((id) => {
    while (/\s/.test(spelt[cursor] ?? '')) cursor += 1;
    const surface = tokenizer.surface(id);
    const at = surface === '' ? -1 : spelt.indexOf(surface, cursor);
    if (at === -1 || at - cursor > REACH) return undefined;
    cursor = at + surface.length;
    return [at, cursor] as const;
  });
  return found.map((place, at) => {
    const start = place?.[0] ?? found.findLast((other, before) => before < at && other !== undefined)?.[1] ?? 0;
    const end = place?.[1] ?? found.find((other, after) => after > at && other !== undefined)?.[0] ?? spelt.length;
    return trimmed(text, origins[start] ?? text.length, origins[end] ?? text.length);
  });
}

/** Without the spaces around it. */
function trimmed(text: string, start: number, end: number): Place {
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /\s/.test(text[end - 1]!)) end -= 1;
  return [start, end];
}

/** The text as the tokenizer spells it, and for each of its characters where it comes from. */
function spelling(text: string, tokenizer: TextTokenizer): { readonly spelt: string; readonly origins: number[] } {
  let spelt = '';
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const written = tokenizer.spelt(character);
    for (let unit = 0; unit < written.length; unit += 1) origins.push(at);
    spelt += written;
    at += character.length;
  }
  return { spelt, origins };
}
