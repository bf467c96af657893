import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cut, shares } from './truncation.ts';

/** The strategy "longest first" of the hub's tokenizers, as `truncate_encodings` of the Rust crate has it. */
function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const isSwapped = first > second;
  let shorter = Math.min(first, second);
  let longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
  if (shorter + longer > room) {
    shorter = Math.floor(room / 2);
    longer = shorter + (room % 2);
  }
  return isSwapped ? [longer, shorter] : [shorter, longer];
}

describe('the shares of two texts', () => {
  it("are those of the hub's own tokenizers", () => {
    const length = fc.nat(40);
    fc.assert(
      fc.property(length, length, length, (first, second, room) => {
        expect(shares(first, second, room)).toEqual(longestFirst(first, second, room));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [3, 4, 7, [3, 4]],
    [2, 9, 7, [2, 5]],
    [9, 2, 7, [5, 2]],
    [9, 9, 7, [3, 4]],
    [9, 8, 7, [4, 3]],
  ] as const)('%d and %d tokens with room for %d', (first, second, room, expected) => {
    expect(shares(first, second, room)).toEqual(expected);
  });
});

describe('cut', () => {
  it('keeps the beginning, or with truncation on the left the end', () => {
    expect(cut([1, 2, 3], 2, 'right')).toEqual([1, 2]);
    expect(cut([1, 2, 3], 2, 'left')).toEqual([2, 3]);
  });

  it.each(['left', 'right'] as const)(
    'leaves what there is room for as it is, and nothing without room: %s',
    (side) => {
      expect(cut([1, 2], 2, side)).toEqual([1, 2]);
      expect(cut([1, 2], 0, side)).toEqual([]);
    },
  );
});
