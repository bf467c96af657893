import type { TextTokenizer } from './tokenizer.ts';

/** Where a token begins and ends in its text, in UTF-16 units. */
export type Place = readonly [start: number, end: number];

/** How far a token is looked for behind the one before it. */
const REACH = 64;

/** What ends a word that the vocabulary does not know. */
const WORD_END = /[\s\p{P}]/u;

/**
 * Where tokens stand in their text. The tokenizer does not say: each is looked for behind the one before it, in the text as the
 * tokenizer spells it (lower case, without accents). One that stands for something unknown reaches to the end of the word, or to
 * the next token that is found in it.
 */
export function placesOf(text: string, ids: readonly number[], tokenizer: TextTokenizer): Place[] {
  const { spelt, sources } = spelling(text, tokenizer);
  const surfaces = ids.map((id) => tokenizer.surface(id));
  const isSpace = (at: number): boolean => /\s/.test(spelt[at] ?? '');
  let cursor = 0;
  return surfaces.map((surface, at): Place => {
    while (isSpace(cursor)) cursor += 1;
    const found = surface === '' ? -1 : spelt.indexOf(surface, cursor);
    const isFound = found !== -1 && found - cursor <= REACH;
    const start = isFound ? found : cursor;
    cursor = isFound ? found + surface.length : endOfUnknown(spelt, cursor, surfaces[at + 1]);
    if (start >= sources.length || cursor === start) return [text.length, text.length];
    return [sources[start]![0], sources[cursor - 1]![1]];
  });
}

/** @param next the token behind it */
function endOfUnknown(spelt: string, start: number, next: string | undefined): number {
  // A mark stands alone.
  if (WORD_END.test(spelt[start] ?? '')) return start + 1;
  const length = spelt.slice(start + 1).search(WORD_END);
  const end = length === -1 ? spelt.length : start + 1 + length;
  const following = next ? spelt.indexOf(next, start + 1) : -1;
  return following === -1 ? end : Math.min(end, following);
}

/** The text as the tokenizer spells it, and for each of its units the character that it comes from. */
function spelling(text: string, tokenizer: TextTokenizer): { readonly spelt: string; readonly sources: Place[] } {
  let spelt = '';
  const sources: Place[] = [];
  let at = 0;
  for (const character of text) {
    const written = tokenizer.spelt(character);
    const source: Place = [at, at + character.length];
    for (let unit = 0; unit < written.length; unit += 1) sources.push(source);
    spelt += written;
    at += character.length;
  }
  return { spelt, sources };
}
