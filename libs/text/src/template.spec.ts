import { describe, expect, it } from '@jest/globals';
import { sizeOf, templateOf } from './template.ts';

const whole = (ids: readonly number[], types: readonly number[] = ids.map(() => 0)) => ({ ids, types });

describe('what a tokenizer puts around texts', () => {
  it('one text between two tokens', () => {
    const template = templateOf(whole([101, 7, 8, 102]), [7, 8])!;
    expect(template).toEqual({
      before: whole([101]),
      between: whole([]),
      after: whole([102]),
      types: [0, 0],
    });
    expect(sizeOf(template)).toBe(2);
  });

  it('two texts, the second with a type of its own', () => {
    const template = templateOf(whole([101, 7, 102, 8, 102], [0, 0, 0, 1, 1]), [7], [8])!;
    expect(template).toEqual({
      before: whole([101]),
      between: whole([102]),
      after: whole([102], [1]),
      types: [0, 1],
    });
    expect(sizeOf(template)).toBe(3);
  });

  it('nothing at all', () => {
    expect(sizeOf(templateOf(whole([7]), [7])!)).toBe(0);
  });

  it('is not there where the texts are not', () => {
    expect(templateOf(whole([101, 7, 102]), [9])).toBeUndefined();
    expect(templateOf(whole([101, 7, 102, 102]), [7], [8])).toBeUndefined();
  });
});
