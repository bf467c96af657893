const WORDS = (
  'the of and to in is that for it was on with as his be at by this had not are but from or have an they which one you were all ' +
  'her she there would their we him been has when who will no more if out so up said what its about than into them can only other'
).split(' ');
/** Each word is one token; two belong to the model. */
const words = (tokens: number, from: number): string =>
  Array.from({ length: tokens - 2 }, (_, at) => WORDS[(at * 7 + from * 13) % WORDS.length]!).join(' ');

/** Of each length as many, in an order that repeats. */
const textsOf = (lengths: readonly number[]): readonly string[] =>
  Array.from({ length: 64 }, (_, at) => words(lengths[(at * 5) % lengths.length]!, at));

/** Texts of 5 to 256 tokens. */
export const MIXED = textsOf([5, 8, 12, 20, 40, 80, 160, 256]);
/** Texts of 5 to 20 tokens, as people type them into a search box. */
export const QUERIES = textsOf([5, 8, 12, 20]);
export const SHORT = words(5, 0);
export const LONG = words(256, 0);

const json = (text: string): string => JSON.stringify({ text });

/** One text a request, all of them in turn. */
export function bodiesOf(texts: readonly string[]): () => string {
  const all = texts.map(json);
  let at = 0;
  return () => all[at++ % all.length]!;
}

export const bodyOf = json;
