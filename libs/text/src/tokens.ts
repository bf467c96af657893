import type { Piece } from './enough.ts';

/** One text, or two of a pair, as the model reads it. */
export interface Tokens {
  readonly ids: readonly number[];
  /** Which of the two texts a token is of: 0 or 1. */
  readonly types: readonly number[];
  /** Places of the tokens of the text itself, of the first of a pair: `[from, to)`. Others are the model's own. */
  readonly text: readonly [from: number, to: number];
  /** The text had more tokens than the model takes: what is here is one end of it, mostly its beginning. */
  readonly isCut: boolean;
  /** Of a text whose beginning was left out: the end of it that was made into tokens, and those that were left out. */
  readonly before?: Piece;
}
