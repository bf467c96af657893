import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entitiesOf } from './entities.ts';
import { placesOf, placesOfTokens } from './places.ts';
import { readTextFolder } from './text-folder.ts';
import { textFolder } from './testing/text-folder.fixture.ts';
import { TextTokenizer } from './tokenizer.ts';

let tokenizer: TextTokenizer;
beforeAll(async () => {
  tokenizer = await TextTokenizer.open(textFolder({}), { maxTokens: 64, isLowerCase: false });
});

/** What each token of a text stands on. */
function pieces(text: string): string[] {
  const { ids, text: own } = tokenizer.tokens(text);
  return placesOf(text, ids.slice(...own), tokenizer).map(([start, end]) => text.slice(start, end));
}

describe('the places of tokens in their text', () => {
  it.each([
    ['The cat sleeps.', ['The', 'cat', 'sleeps', '.']],
    ['walking  walks', ['walk', 'ing', 'walk', 's']],
    ['Café naïve', ['Café', 'naïve']],
    ['cafe\u0301 cat', ['cafe\u0301', 'cat']],
    ['中文cat', ['中', '文', 'cat']],
    ['😀 cat', ['😀', 'cat']],
    ['cat zebra dog', ['cat', 'zebra', 'dog']],
    ['zebra', ['zebra']],
    ['cat, zebra', ['cat', ',', 'zebra']],
    ['cat zebra (giraffe) dog', ['cat', 'zebra', '(', 'giraffe', ')', 'dog']],
    ['the zebra giraffe', ['the', 'zebra', 'giraffe']],
    ['the [SEP] cat', ['the', '[SEP]', 'cat']],
    ['cat\u200b dog', ['cat', 'dog']],
    ['the the the', ['the', 'the', 'the']],
    ['\u0000cat', ['cat']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(pieces(text)).toEqual(expected);
  });
});

it('tokens of bytes stand on the characters that they are a part of', async () => {
  const folder = (await readTextFolder('test/models/texts/entities-bytes/model.onnx'))!;
  const bytes = await TextTokenizer.open(folder, { maxTokens: 64, isLowerCase: false });
  const text = ' é 😀狐';
  const { ids, text: own } = bytes.tokens(text);
  const places = placesOf(text, ids.slice(...own), bytes).map(([start, end]) => text.slice(start, end));
  expect(places.join('')).toMatch(/^é+(😀)+狐+$/);
  expect(places.length).toBeGreaterThan(3);
});

describe('of a text whose beginning is left out, the tokens stand where they do in the whole', () => {
  const WORDS = ['the', 'Walking', 'cafe\u0301', 'σας', 'ΣΑΣ', '中文', '😀', 'New York', 'é', '.'];
  const long = fc
    .tuple(fc.array(fc.constantFrom(...WORDS), { minLength: 12, maxLength: 60 }), fc.integer({ min: 1, max: 40 }))
    .map(([words, times]) => new Array<string>(times).fill(words.join(' ')).join(' '));
  const left = { truncation_side: 'left' };

  it.each([
    ['words', async () => textFolder({}), false],
    ['words in lower case', async () => textFolder({}), true],
    ['bytes', async () => (await readTextFolder('test/models/texts/entities-bytes/model.onnx'))!, false],
  ] as const)('%s', async (_, folderOf, isLowerCase) => {
    const folder = await folderOf();
    const cutting = { ...folder, tokenizerConfig: { ...folder.tokenizerConfig, ...left } };
    const cut = await TextTokenizer.open(cutting, { maxTokens: 10, isLowerCase });
    const whole = await TextTokenizer.open(folder, { maxTokens: 100_000, isLowerCase });
    fc.assert(
      fc.property(long, (text) => {
        const tokens = cut.tokens(text);
        const all = placesOfTokens(text, whole.tokens(text), whole);
        const [from, to] = tokens.text;
        expect(tokens.isCut).toBe(true);
        expect(placesOfTokens(text, tokens, cut)).toEqual(all.slice(from - to));
      }),
      { numRuns: 50 },
    );
  });
});

describe('entities', () => {
  const LABELS = ['O', 'B-PLACE', 'I-PLACE', 'B-PET', 'I-PET'];
  /** Entities where each token has one of the labels, with some certainty. */
  function entities(text: string, labels: readonly number[]) {
    const tokens = tokenizer.tokens(text);
    const rows = [0, ...labels, 0].map((label) => LABELS.map((_, at) => (at === label ? 4 : 0)));
    expect(rows).toHaveLength(tokens.ids.length);
    return entitiesOf(text, tokens, Float32Array.from(rows.flat()), LABELS, tokenizer);
  }
  const score = expect.closeTo(Math.exp(4) / (Math.exp(4) + 4), 6);

  it('are of tokens that follow each other, and stand where they are in the text', () => {
    expect(entities('😀 The cat in New York', [0, 0, 3, 0, 1, 2])).toEqual([
      { label: 'PET', score, text: 'cat', start: 7, end: 10 },
      { label: 'PLACE', score, text: 'New York', start: 14, end: 22 },
    ]);
  });

  it('begin anew at a B-, at another label, and after what is nothing', () => {
    const texts = (labels: number[]) => entities('cat dog cat', labels).map(({ label, text }) => `${label} ${text}`);
    expect(texts([3, 3, 4])).toEqual(['PET cat', 'PET dog cat']);
    expect(texts([4, 4, 2])).toEqual(['PET cat dog', 'PLACE cat']);
    expect(texts([4, 0, 4])).toEqual(['PET cat', 'PET cat']);
    expect(texts([0, 0, 0])).toEqual([]);
  });
});
