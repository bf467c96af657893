import { describe, expect, it } from '@jest/globals';
import { idOf, textFolder, WORD_PIECE } from './testing/text-folder.fixture.ts';
import { TextTokenizer } from './tokenizer.ts';

const open = (maxTokens = 16, tokenizerConfig = {}, tokenizer = WORD_PIECE, isLowerCase = false) =>
  TextTokenizer.open(textFolder({ tokenizer, tokenizerConfig }), { maxTokens, isLowerCase });
const ids = (words: string) => words.split(' ').map(idOf);

describe('the tokens of a text', () => {
  it('stand between those of the model, and it is said which are its own', async () => {
    const tokenizer = await open();
    expect(tokenizer.tokens('The CAT walks.')).toEqual({
      ids: ids('[CLS] the cat walk ##s . [SEP]'),
      types: [0, 0, 0, 0, 0, 0, 0],
      text: [1, 6],
      isCut: false,
    });
    expect(tokenizer.tokens('')).toEqual({ ids: ids('[CLS] [SEP]'), types: [0, 0], text: [1, 1], isCut: false });
  });

  it.each([
    ['right', '[CLS] the cat [SEP]'],
    ['left', '[CLS] dog sleeps [SEP]'],
  ])('are cut on the %s', async (side, expected) => {
    const tokenizer = await open(4, { truncation_side: side });
    expect(tokenizer.tokens('the cat the dog sleeps')).toMatchObject({ ids: ids(expected), isCut: true });
    expect(tokenizer.tokens('the cat')).toMatchObject({ isCut: false });
  });

  it('have the sigma that the hub has, at the end of words too', async () => {
    expect((await open()).tokens('ΣΑΣ').ids).toEqual([2, 1, 3]);
    expect((await open()).tokens('σας').ids).toEqual(ids('[CLS] σας [SEP]'));
  });

  it('are of lower case where the folder says so and the tokenizer does not', async () => {
    const cased = { ...WORD_PIECE, normalizer: { ...(WORD_PIECE['normalizer'] as object), lowercase: false } };
    expect((await open(16, {}, cased)).tokens('Cat').ids).toEqual([2, 1, 3]);
    expect((await open(16, {}, cased, true)).tokens('Cat').ids).toEqual(ids('[CLS] cat [SEP]'));
  });
});

describe('the tokens of two texts', () => {
  it('each have their type', async () => {
    expect((await open()).pair('the cat', 'dog')).toEqual({
      ids: ids('[CLS] the cat [SEP] dog [SEP]'),
      types: [0, 0, 0, 0, 1, 1],
      text: [1, 3],
      isCut: false,
    });
  });

  it('are cut together, the longer one first', async () => {
    const { ids: cut, isCut } = (await open(7)).pair('cat', 'the dog sleeps in london');
    expect(cut).toEqual(ids('[CLS] cat [SEP] the dog sleeps [SEP]'));
    expect(isCut).toBe(true);
  });
});

describe('tokens that a caller made', () => {
  it('are taken as they are, and cut', async () => {
    const tokenizer = await open(4);
    expect(tokenizer.given([5, 6])).toEqual({ ids: [5, 6], types: [0, 0], text: [0, 2], isCut: false });
    expect(tokenizer.given([5, 6, 7, 8, 9])).toMatchObject({ ids: [5, 6, 7, 8], isCut: true });
  });

  it('are those of the vocabulary', async () => {
    const tokenizer = await open();
    expect([0, 5, 1_000_000, -1].map((id) => tokenizer.knows(id))).toEqual([true, true, false, false]);
  });
});

describe('a tokenizer', () => {
  it('fills up with its padding', async () => {
    expect((await open()).paddingId).toBe(idOf('[PAD]'));
  });

  it('is refused where the model leaves no room for a text', async () => {
    await expect(open(2)).rejects.toThrow('A text may have 2 tokens, of which the model itself adds 2.');
  });

  it('is refused where it is not understood', async () => {
    await expect(open(16, {}, { ...WORD_PIECE, model: { type: 'Runes' } })).rejects.toThrow(
      /^tokenizer\.json is not understood: /,
    );
    await expect(open(16, {}, {})).rejects.toThrow(/^tokenizer\.json is not understood: /);
  });
});
