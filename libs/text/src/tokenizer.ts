import { enough, type Piece } from './enough.ts';
import { type HubTokenizer, openHubTokenizer } from './hub-tokenizer.ts';
import { sizeOf, type Template, templateOf } from './template.ts';
import type { TextFolder } from './text-folder.ts';
import { TextOptionsError } from './text-options.ts';
import type { Tokens } from './tokens.ts';
import { cut, shares, type Side } from './truncation.ts';

/** Two texts of one token or more, in nearly every vocabulary. */
const PROBES = ['a', 'b'] as const;

/** The name that byte-level vocabularies have for the byte of a space. */
const SPACE_BYTE = 'Ġ';

export interface TokenizerOptions {
  /** Most tokens of a text, or of a pair together, with those that the model puts around them. */
  readonly maxTokens: number;
  /** Texts are in lower case before all else. */
  readonly isLowerCase: boolean;
}

/** What the folder's files say of it. */
interface TokenizerFacts {
  readonly truncation: Side;
  /** The token that stands for what is unknown. */
  readonly unknown: string;
  /** Whether tokens of a pair tell which text they are of; else all are of the first. */
  readonly hasTypes: boolean;
  /** Whether tokens are of bytes, each of which has a character for its name. */
  readonly hasBytes: boolean;
}

/**
 * Turns texts into tokens as the tokenizer.json of a model's folder says, cut to what the model takes. Made once a model; it
 * holds no state between texts.
 */
export class TextTokenizer {
  readonly maxTokens: number;
  readonly #hub: HubTokenizer;
  readonly #isLowerCase: boolean;
  /** JavaScript knows the sigma at the end of words, ς, where the hub's own tokenizers have σ for every Σ. */
  readonly #lowersSigma: boolean;
  /** Which end of a longer text is left out. */
  readonly truncation: Side;
  readonly #hasTypes: boolean;
  readonly #one: Template;
  readonly #two: Template | undefined;
  readonly #unknownId: number | undefined;
  readonly #hasBytes: boolean;
  /** A space is put before texts, where tokens are of bytes. */
  readonly addsSpace: boolean;

  private constructor(
    hub: HubTokenizer,
    { maxTokens, isLowerCase }: TokenizerOptions,
    { truncation, unknown, hasTypes, hasBytes }: TokenizerFacts,
  ) {
    this.maxTokens = maxTokens;
    this.#hub = hub;
    this.#isLowerCase = isLowerCase;
    this.#lowersSigma = hub.normalizer?.normalize('Σ') === 'σ';
    this.truncation = truncation;
    this.#unknownId = hub.token_to_id(unknown);
    this.#hasBytes = hasBytes;
    this.#hasTypes = hasTypes;
    this.addsSpace = hasBytes && hub.id_to_token(this.#bare(PROBES[0])[0]!)!.startsWith(SPACE_BYTE);
    const [first, second] = PROBES.map((text) => this.#bare(text)) as [number[], number[]];
    const one = templateOf(this.#whole(PROBES[0]), first);
    if (one === undefined)
      throw new TextOptionsError('tokenizer.json puts tokens into the midst of a text, which is not understood.');
    this.#one = one;
    this.#two = templateOf(this.#whole(...PROBES), first, second);
    if (sizeOf(one) >= maxTokens)
      throw new TextOptionsError(`A text may have ${maxTokens} tokens, of which the model itself adds ${sizeOf(one)}.`);
  }

  /** @throws TextOptionsError for a tokenizer that is not understood */
  static async open({ tokenizer, tokenizerConfig }: TextFolder, options: TokenizerOptions): Promise<TextTokenizer> {
    const { truncation_side: side, unk_token: unknown, model_input_names: inputs } = tokenizerConfig;
    const config = {
      truncation: side === 'left' ? 'left' : 'right',
      unknown: typeof unknown === 'string' ? unknown : '[UNK]',
      hasTypes: !Array.isArray(inputs) || inputs.includes('token_type_ids'),
      hasBytes: JSON.stringify(tokenizer['decoder'] ?? null).includes('"type":"ByteLevel"'),
    } as const;
    try {
      return new TextTokenizer(await openHubTokenizer(tokenizer, tokenizerConfig), options, config);
    } catch (error) {
      if (error instanceof TextOptionsError) throw error;
      throw new TextOptionsError(`tokenizer.json is not understood: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Whether the tokenizer says how two texts are put together. */
  get takesPairs(): boolean {
    return this.#two !== undefined;
  }

  /** The tokens of a text. Long texts take long: see `isLong`. */
  tokens(text: string): Tokens {
    const template = this.#one;
    const room = this.maxTokens - sizeOf(template);
    const { ids, piece } = this.#own(text, room);
    const tokens = assembled(template, cut(ids, room, this.truncation), [], ids.length > room);
    if (!tokens.isCut || this.truncation === 'right') return tokens;
    return { ...tokens, before: { piece, ids: ids.slice(0, ids.length - room) } };
  }

  /**
   * The tokens of two texts that belong together. Both are cut where together they are too long, the longer one first.
   * @throws TextOptionsError where the tokenizer knows no pairs
   */
  pair(first: string, second: string): Tokens {
    const template = this.#two;
    if (template === undefined)
      throw new TextOptionsError('tokenizer.json does not say how two texts are put together.');
    const room = this.maxTokens - sizeOf(template);
    const [one, two] = [this.#own(first, room).ids, this.#own(second, room).ids];
    const [ofOne, ofTwo] = shares(one.length, two.length, room);
    const [keptOne, keptTwo] = [cut(one, ofOne, this.truncation), cut(two, ofTwo, this.truncation)];
    return assembled(template, keptOne, keptTwo, one.length + two.length > room);
  }

  /** Whether the vocabulary has a token. */
  knows(id: number): boolean {
    return this.#hub.id_to_token(id) !== undefined;
  }

  /** Tokens that a caller made, with all that belongs around them. */
  given(ids: readonly number[]): Tokens {
    const kept = cut(ids, this.maxTokens, this.truncation);
    const types = new Array<number>(kept.length).fill(this.#one.types[0]);
    return { ids: kept, types, text: [0, kept.length], isCut: kept.length < ids.length };
  }

  /** The piece of text that a token stands for; undefined for one that stands for whatever is unknown. */
  surface(id: number): string | undefined {
    if (id === this.#unknownId) return undefined;
    const added = this.#hub.get_added_tokens_decoder().get(id);
    if (added !== undefined) return this.spelt(added.content);
    const text = this.#hub.decode([id], { clean_up_tokenization_spaces: false });
    // Tokens within a word are marked as such by WordPiece.
    return text.replace(/^##/, '').trim();
  }

  /** How many bytes of a text tokens stand for; undefined where they stand for characters. */
  bytesOf(ids: readonly number[]): number[] | undefined {
    if (!this.#hasBytes) return undefined;
    const added = this.#hub.get_added_tokens_decoder();
    return ids.map((id) => {
      const name = added.get(id)?.content;
      // Of others each character is the name of a byte.
      return name === undefined ? (this.#hub.id_to_token(id) ?? '').length : Buffer.byteLength(name);
    });
  }

  /** A character as the tokenizer spells it before it looks for tokens: in lower case, without accents, whatever it does. */
  spelt(character: string): string {
    const written = this.#isLowerCase ? character.toLowerCase() : character;
    if (this.#hasBytes) return this.#hub.normalizer?.normalize(written) ?? written;
    if (/\s/.test(character)) return ' ';
    return (this.#hub.normalizer?.normalize(written) ?? written).replaceAll('▁', '').trim();
  }

  /** The token that fills up shorter texts; what it is hardly matters, as no model looks at it. */
  get paddingId(): number {
    const padding = [...this.#hub.get_added_tokens_decoder()].find(([, { content }]) =>
      /^(\[PAD\]|<pad>)$/i.test(content),
    );
    return padding?.[0] ?? 0;
  }

  /** The text's own tokens: all of them, or where it has far more than there is room for, enough of the end that is kept. */
  #own(text: string, room: number): Piece {
    return enough(text, room, this.truncation, (piece) => this.#bare(this.#lowered(piece)));
  }

  #lowered(text: string): string {
    const spelt = this.#isLowerCase ? text.toLowerCase() : text;
    return this.#lowersSigma ? spelt.replaceAll('Σ', 'σ') : spelt;
  }

  #bare(text: string): number[] {
    return this.#hub.encode(text, { add_special_tokens: false }).ids;
  }

  #whole(text: string, second?: string): { ids: number[]; types: number[] } {
    const pair = second === undefined ? {} : { text_pair: second };
    const { ids, token_type_ids: types } = this.#hub.encode(text, {
      ...pair,
      return_token_type_ids: true,
    });
    return { ids, types: (this.#hasTypes ? types : undefined) ?? ids.map(() => 0) };
  }
}

function assembled(
  { before, between, after, types: [first, second] }: Template,
  one: readonly number[],
  two: readonly number[],
  isCut: boolean,
): Tokens {
  const of = (ids: readonly number[], type: number): number[] => new Array<number>(ids.length).fill(type);
  const ids = [...before.ids, ...one, ...between.ids, ...two, ...after.ids];
  const types = [...before.types, ...of(one, first), ...between.types, ...of(two, second), ...after.types];
  return { ids, types, text: [before.ids.length, before.ids.length + one.length], isCut };
}
