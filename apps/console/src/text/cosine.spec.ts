import { describe, expect, it } from '@jest/globals';
import { cosine } from './cosine.ts';

describe('cosine', () => {
  it.each([
    [[1, 0], [2, 0], 1],
    [[1, 0], [0, 3], 0],
    [[1, 1], [-1, -1], -1],
    [[3, 4], [4, 3], 0.96],
    [[0, 0], [1, 2], 0],
  ])('of %j and %j is %d', (one, other, expected) => {
    expect(cosine(one, other)).toBeCloseTo(expected, 12);
  });
});
