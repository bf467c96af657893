import type { TextFolder } from '../text-folder.ts';

/** A few words and pieces of words, as WordPiece has them. */
const WORDS =
  '[PAD] [UNK] [CLS] [SEP] a b the cat dog sleeps ##s ##ing walk in london new york cafe naive σας . , ! 中 文 😀'.split(
    ' ',
  );

/** A tokenizer.json as BERT's have it: lower case, no accents, words in pieces, [CLS] and [SEP] around texts. */
export const WORD_PIECE: TextFolder['tokenizer'] = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => ({
    ...{ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
    pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
};

function special(id: string, type: number): object {
  return { SpecialToken: { id, type_id: type } };
}

function sequence(id: string, type: number): object {
  return { Sequence: { id, type_id: type } };
}

/** The number of a word. */
export function idOf(word: string): number {
  return WORDS.indexOf(word);
}

/** A folder that holds nothing but a tokenizer and what is said here. */
export function textFolder(said: Partial<TextFolder>): TextFolder {
  return {
    tokenizer: WORD_PIECE,
    tokenizerConfig: {},
    config: {},
    modules: undefined,
    pooling: undefined,
    sentence: {},
    sentenceTransformers: {},
    ...said,
  };
}
