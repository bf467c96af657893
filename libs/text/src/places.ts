import type { TextTokenizer } from './tokenizer.ts';
import type { Tokens } from './tokens.ts';

/** Where a token begins and ends in its text, in UTF-16 units. */
export type Place = readonly [start: number, end: number];

/** How far a token is looked for behind the one before it. */
const REACH = 64;

/** Where a text's own tokens stand in it. Where its beginning was left out, they are looked for behind what was. */
export function placesOfTokens(
  text: string,
  { ids, text: [from, to], before }: Tokens,
  tokenizer: TextTokenizer,
): Place[] {
  const { piece, ids: omitted } = before ?? { piece: text, ids: [] };
  const shift = text.length - piece.length;
  const places = placesOf(piece, [...omitted, ...ids.slice(from, to)], tokenizer);
  return places.slice(omitted.length).map(([start, end]): Place => [start + shift, end + shift]);
}

/**
 * Where tokens stand in their text. The tokenizer does not say: each is looked for behind the one before it, in the text as the
 * tokenizer spells it (lower case, without accents). Those that are not found, such as unknown words, share what lies between
 * the others.
 */
export function placesOf(text: string, ids: readonly number[], tokenizer: TextTokenizer): Place[] {
  const { spelt, origins } = spelling(text, tokenizer);
  const inText = ([start, end]: Place): Place => {
    const from = origins[start] ?? text.length;
    if (end <= start) return [from, from];
    // The last character is there in full, of which a token may be a part, with the marks on it that the tokenizer leaves out.
    const last = origins[end - 1]!;
    const next = origins[end] ?? text.length;
    const marks = /^\p{Mn}*/u.exec(text.slice(last + lengthAt(text, last), next))?.[0] ?? '';
    return trimmed(text, from, last + lengthAt(text, last) + marks.length);
  };
  const bytes = tokenizer.bytesOf(ids);
  return (bytes === undefined ? searched(spelt, ids, tokenizer) : counted(spelt, bytes)).map(inText);
}

/** UTF-16 units of the character at a place. */
function lengthAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Tokens of bytes follow each other without a gap: those of one character each stand on the whole of it. */
function counted(spelt: string, bytes: readonly number[]): Place[] {
  // For each byte where its character begins.
  const begins: number[] = [];
  let units = 0;
  for (const character of spelt) {
    begins.push(...new Array<number>(Buffer.byteLength(character)).fill(units));
    units += character.length;
  }
  let at = 0;
  return bytes.map((size) => {
    const start = begins[at] ?? units;
    at += size;
    const last = begins[at - 1] ?? units;
    return [start, last + lengthAt(spelt, last)];
  });
}

function searched(spelt: string, ids: readonly number[], tokenizer: TextTokenizer): Place[] {
  let cursor = 0;
  const found = ids.map((id) => {
    while (/\s/.test(spelt[cursor] ?? '')) cursor += 1;
    const surface = tokenizer.surface(id);
    if (surface === undefined) return undefined;
    const at = spelt.indexOf(surface, cursor);
    if (at === -1 || at - cursor > REACH) return undefined;
    cursor = at + surface.length;
    return [at, cursor] as const;
  });
  return found.map((place, at) => place ?? between(spelt, found, at));
}

/** A word as BERT parts them: signs and CJK characters are each one. */
const WORD = /[\p{P}$+<=>^`|~]|\p{Script=Han}|[^\s\p{P}$+<=>^`|~\p{Script=Han}]+/gu;

/** Where a token stands that is not found: on its own word, where so many words lie between those that are as tokens do. */
function between(spelt: string, found: readonly (Place | undefined)[], at: number): Place {
  const before = found.findLastIndex((place, other) => other < at && place !== undefined);
  const next = found.findIndex((place, other) => other > at && place !== undefined);
  const start = found[before]?.[1] ?? 0;
  const end = found[next]?.[0] ?? spelt.length;
  const words = [...spelt.slice(start, end).matchAll(WORD)];
  const missing = (next === -1 ? found.length : next) - before - 1;
  // Of a text that was cut, what follows the last token is no token's.
  const isClear = next === -1 ? words.length >= missing : words.length === missing;
  const word = words[at - before - 1];
  if (!isClear || word === undefined) return [start, end];
  return [start + word.index, start + word.index + word[0].length];
}

/** Without the spaces around it. */
function trimmed(text: string, start: number, end: number): Place {
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /\s/.test(text[end - 1]!)) end -= 1;
  return [start, end];
}

/** The text as the tokenizer spells it, and for each of its characters where it comes from. */
function spelling(text: string, tokenizer: TextTokenizer): { readonly spelt: string; readonly origins: number[] } {
  let spelt = tokenizer.addsSpace && !/^\s/.test(text) ? ' ' : '';
  const origins = new Array<number>(spelt.length).fill(0);
  let at = 0;
  for (const character of text) {
    const written = tokenizer.spelt(character);
    for (let unit = 0; unit < written.length; unit += 1) origins.push(at);
    spelt += written;
    at += character.length;
  }
  return { spelt, origins };
}
