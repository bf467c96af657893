import { describe, expect, it } from '@jest/globals';
import { clip, listed, quote } from '#errors';

describe('the words of messages', () => {
  it('repeat a short text, and the beginning of a long one', () => {
    expect([clip('a"b'), quote('a"b'), quote('')]).toEqual(['a"b', '"a\\"b"', '""']);
    expect([clip('x'.repeat(61)), clip('abc', 2)]).toEqual([`${'x'.repeat(60)}…`, 'ab…']);
    expect(quote('é'.repeat(1e6)).length).toBeLessThan(100);
  });

  it('list the first of many', () => {
    expect([listed([]), listed(['a', 'b'], quote), listed(Array.from({ length: 11 }, (_, at) => at))]).toEqual([
      '',
      '"a", "b"',
      '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …',
    ]);
  });
});
