import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { enough } from './enough.ts';
import { type HubTokenizer, openHubTokenizer } from './hub-tokenizer.ts';
import { WORD_PIECE } from './testing/text-folder.fixture.ts';

let hub: HubTokenizer;
beforeAll(async () => {
  hub = await openHubTokenizer(WORD_PIECE, {});
});
const tokenize = (text: string): number[] => hub.encode(text, { add_special_tokens: false }).ids;

const WORDS = [
  'the',
  'walking',
  'dogs',
  'naïve',
  'cafe\u0301',
  'σας',
  'лиса',
  'كلب',
  '中文',
  '東京都',
  'सु',
  '😀',
  '👩‍👩‍👧',
  'x'.repeat(120),
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }));
const text = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 40 }),
    fc.constantFrom(' ', '', ', ', '\n', '\u3000'),
    fc.integer({ min: 1, max: 400 }),
  )
  .map(([words, between, times]) => new Array<string>(times).fill(words.join(between)).join(between).slice(0, 20_000));

describe('enough of a long text', () => {
  it('has the first tokens of the whole', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 64 }), (long, wanted) => {
        const { ids: part } = enough(long, wanted, 'right', tokenize);
        const whole = tokenize(long);
        expect(part.slice(0, wanted)).toEqual(whole.slice(0, wanted));
        expect(part.length > wanted).toBe(whole.length > wanted);
      }),
      { numRuns: 150 },
    );
  });

  it('has the last ones, where the beginning is cut', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 64 }), (long, wanted) => {
        const { ids: part, piece } = enough(long, wanted, 'left', tokenize);
        expect([long, long.slice(-piece.length).toWellFormed()]).toContain(piece);
        const whole = tokenize(long);
        expect(part.slice(-wanted)).toEqual(whole.slice(-wanted));
        expect(part.length > wanted).toBe(whole.length > wanted);
      }),
      { numRuns: 150 },
    );
  });

  it('is far less than all of it', () => {
    const lengths: number[] = [];
    const counted = (piece: string): number[] => {
      lengths.push(piece.length);
      return tokenize(piece);
    };
    enough('the cat sleeps '.repeat(100_000), 64, 'right', counted);
    expect(Math.max(...lengths)).toBeLessThan(10_000);
  });

  it('is asked for again, in a longer piece, where the first has few tokens', () => {
    const long = `${'x'.repeat(5000)} the cat `.repeat(20);
    expect(enough(long, 8, 'right', tokenize).ids.slice(0, 8)).toEqual(tokenize(long).slice(0, 8));
  });
});
