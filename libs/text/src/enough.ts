import type { Side } from './truncation.ts';

/** Characters of the first piece for each token that is wanted: few words have more. */
const CHARACTERS_PER_TOKEN = 8;
/** The tokens at a cut may be others than in the whole text: so many beyond those that are wanted are not looked at. */
const MARGIN = 128;
/** How far a space is looked for, where tokenizers part words. Texts without any are cut anywhere: no token is that long. */
const REACH = 1024;

/** A piece of a text, at one of its ends or all of it, and its tokens. */
export interface Piece {
  readonly piece: string;
  readonly ids: readonly number[];
}

/**
 * The tokens of a text or, where it has far more than are wanted, more than wanted of one of its ends: a long text costs no
 * more than what the model reads of it.
 *
 * @param side the end that is not needed
 * @param tokenize the tokens of a piece
 */
export function enough(
  text: string,
  wanted: number,
  side: Side,
  tokenize: (piece: string) => readonly number[],
): Piece {
  for (let length = (wanted + MARGIN) * CHARACTERS_PER_TOKEN; length + REACH < text.length; length *= 2) {
    const piece = side === 'right' ? beginning(text, length) : end(text, length);
    const ids = tokenize(piece);
    if (ids.length >= wanted + MARGIN) return { piece, ids };
  }
  return { piece: text, ids: tokenize(text) };
}

/** At least so many characters, up to the next space. */
function beginning(text: string, length: number): string {
  const rest = text.slice(length, length + REACH);
  const space = rest.search(/\s/);
  return text.slice(0, length + (space === -1 ? REACH - 1 : space)).toWellFormed();
}

/** At least so many of the last characters, from a space on. */
function end(text: string, length: number): string {
  const from = text.length - length;
  const rest = text.slice(from - REACH, from);
  const space = rest.search(/\s\S*$/);
  return text.slice(from - REACH + (space === -1 ? 1 : space)).toWellFormed();
}
