/** Which end of a text is left out. */
export type Side = 'left' | 'right';

/** Keeps as many tokens as there is room for: the beginning, or where the truncation is on the left, the end. */
export function cut(ids: readonly number[], room: number, truncation: Side): readonly number[] {
  if (ids.length <= room) return ids;
  return truncation === 'right' ? ids.slice(0, room) : ids.slice(ids.length - room);
}

/**
 * How many tokens of each of two texts are kept, where both share some room: the longer one is cut until they are of one length,
 * then both are, as the tokenizers of the hub's models do it ("longest first").
 */
export function shares(first: number, second: number, room: number): readonly [first: number, second: number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second);
  if (shorter + shorter >= room) {
    const half = Math.floor(room / 2);
    return first <= second ? [half, room - half] : [room - half, half];
  }
  return first <= second ? [first, room - first] : [room - second, second];
}
