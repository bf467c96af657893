/** A text's own tokens, without those that the model puts around them. */
export type Bare = readonly number[];

/** What a tokenizer says of a text: all its tokens, or its own alone. */
export interface Probe {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

/** The tokens that a model puts around one text, or around two: their parts in order, and to which text each belongs. */
export interface Template {
  readonly before: Probe;
  readonly between: Probe;
  readonly after: Probe;
  /** The types of the texts' own tokens. */
  readonly types: readonly [first: number, second: number];
}

/**
 * Reads off a tokenizer what it puts around texts.
 *
 * @param whole the tokens of texts with what is around them
 * @param first the first text's own tokens; at least one
 * @param second the second's; none, where there is one text
 * @returns undefined where the texts' tokens are not found in the whole
 */
export function templateOf({ ids, types }: Probe, first: Bare, second: Bare = []): Template | undefined {
  const firstAt = placeOf(first, ids, 0);
  if (firstAt === -1) return undefined;
  const firstEnd = firstAt + first.length;
  const secondAt = second.length === 0 ? firstEnd : placeOf(second, ids, firstEnd);
  if (secondAt === -1) return undefined;
  const part = (from: number, to?: number): Probe => ({ ids: ids.slice(from, to), types: types.slice(from, to) });
  return {
    before: part(0, firstAt),
    between: part(firstEnd, secondAt),
    after: part(secondAt + second.length),
    types: [types[firstAt]!, types[secondAt] ?? 0],
  };
}

/** How many tokens a template adds. */
export function sizeOf({ before, between, after }: Template): number {
  return before.ids.length + between.ids.length + after.ids.length;
}

function placeOf(part: Bare, whole: readonly number[], from: number): number {
  for (let at = from; at + part.length <= whole.length; at += 1)
    if (part.every((id, offset) => whole[at + offset] === id)) return at;
  return -1;
}
