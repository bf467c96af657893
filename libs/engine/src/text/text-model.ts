import { setImmediate as turn } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { PredictionOptions } from '#features';
import type { Paddings } from '#inference';
import { TextOptionsError, type TextPlan, type TextTokenizer, type Tokens } from '#text';
import { noTensors, type Signature, tensorOf, type Tensor, type Tensors } from '#tensor';
import { type TextAnswers, textAnswersOf } from './text-answers.ts';

/** The longest time for tokenizing texts in one turn of the event loop. */
const LONGEST_TURN_MS = 5;

/** The number of tokens of a typical text. */
export const TYPICAL_TOKENS = 32;

/** How many typical texts have this many tokens together. */
export const textsWithin = (tokens: number): number => Math.max(1, Math.floor(tokens / TYPICAL_TOKENS));

/** A text, or its tokens. */
export type GivenText = string | readonly number[];

/** One text of a request, or two that belong together. */
export interface ReadText {
  /** Its place among those of the request. */
  readonly row: number;
  readonly text: string;
  readonly tokens: Tokens;
}

/**
 * Turns a model of tokens into one of texts: tokenizes texts, and makes embeddings, classes or entities of the model's
 * outputs. Callers see the inputs and outputs of `signature`.
 */
export class TextModel {
  readonly plan: TextPlan;
  readonly tokenizer: TextTokenizer;
  /** The signature for callers: texts and answers, with the number of tokens per text and whether it was cut off. */
  readonly signature: Signature;
  /** The padding of shorter texts in a run. */
  readonly paddings: Paddings;
  /** Whether the model takes a mask. Without one, it would read the padding too. */
  readonly hasMask: boolean;
  readonly #model: Signature;
  readonly #answers: TextAnswers;

  /** @param model the signature of the model itself */
  constructor(plan: TextPlan, tokenizer: TextTokenizer, model: Signature) {
    this.plan = plan;
    this.tokenizer = tokenizer;
    this.#model = model;
    this.#answers = textAnswersOf(plan, tokenizer);
    const names = plan.task === 'rerank' ? ['query', 'text'] : ['text'];
    this.signature = {
      inputs: names.map((name) => ({ name, datatype: 'BYTES', shape: [-1] })),
      outputs: [
        ...this.#answers.outputs,
        { name: 'tokens', datatype: 'INT64', shape: [-1] },
        { name: 'truncated', datatype: 'BOOL', shape: [-1] },
      ],
    };
    this.hasMask = model.inputs.some(({ name }) => name === 'attention_mask');
    this.paddings = paddingsOf(model, tokenizer.paddingId);
    if (plan.task === 'rerank' && !tokenizer.takesPairs)
      throw new TextOptionsError('The tokenizer does not say how to combine two texts, which reranking needs.');
  }

  /** The signature of answers, without outputs that clients get only by name. */
  get answered(): Signature {
    return { inputs: this.signature.inputs, outputs: this.#answers.outputs };
  }

  /** The default members of answers, which the manifest overrides. */
  get answers(): PredictionOptions {
    const end = this.tokenizer.truncation === 'left' ? 'beginning' : 'end';
    const what = `has more than the ${this.plan.maxTokens} tokens that the model reads: its ${end} was cut off`;
    return { ...this.#answers.options, rowWarnings: [{ from: 'truncated', field: 'text', what }] };
  }

  /** The tokens of a text, or of a query with a text. */
  tokens(texts: readonly string[]): Tokens {
    const { prompt } = this.plan;
    const [first, second] = texts as [string, string?];
    return second === undefined ? this.tokenizer.tokens(prompt + first) : this.tokenizer.pair(first, second);
  }

  /**
   * The tokens of the texts in a request's tensors.
   * @throws NestorError CANCELLED if the caller has left
   */
  read(inputs: Tensors, rows: number, gone: () => boolean): Promise<ReadText[]> {
    const columns = this.signature.inputs.map(({ name }) => inputs[name]!.data as readonly string[]);
    const textsOf = (row: number): string[] => columns.map((column) => column[row]!);
    return read(rows, gone, (row) => {
      const texts = textsOf(row);
      return { row, text: texts.at(-1)!, tokens: this.tokens(texts) };
    });
  }

  /**
   * The tokens of texts, some of which the caller has tokenized.
   * @param given each a text, or its tokens, including the model's special tokens
   * @throws NestorError CANCELLED; INVALID_ROWS for a token that the vocabulary does not have
   */
  readGiven(given: readonly GivenText[], gone: () => boolean): Promise<ReadText[]> {
    return read(given.length, gone, (row) => {
      const text = given[row]!;
      if (typeof text === 'string') return { row, text, tokens: this.tokens([text]) };
      const unknown = text.find((id) => !this.tokenizer.knows(id));
      if (unknown === undefined) return { row, text: '', tokens: this.tokenizer.given(text) };
      const detail = `row ${row}: the vocabulary has no token ${unknown}`;
      throw new NestorError('INVALID_ROWS', detail, { errors: [{ row, detail }] });
    });
  }

  /** The model's inputs for one text. */
  inputsOf({ ids, types }: Tokens): Tensors {
    const inputs = noTensors();
    for (const { name, datatype } of this.#model.inputs)
      inputs[name] = tokenTensor(datatype, VALUES[name]!(ids, types));
    return inputs;
  }

  /** The length of an embedding, or of the first output's last dimension. */
  get width(): number {
    return this.#answers.outputs[0]!.shape.at(-1)!;
  }

  /** The output that the answers are made of. */
  get output(): string {
    return this.plan.output.name;
  }

  /** The answers of all texts, in the order of their rows. @param outputs the model's, one tensor per text */
  outputsOf(texts: readonly ReadText[], outputs: readonly Tensor[]): Tensors {
    return {
      ...this.#answers.of(texts, outputs),
      tokens: tensorOf(
        'INT64',
        [texts.length],
        BigInt64Array.from(texts, ({ tokens }) => BigInt(tokens.ids.length)),
      ),
      truncated: tensorOf(
        'BOOL',
        [texts.length],
        Uint8Array.from(texts, ({ tokens }) => Number(tokens.isCut)),
      ),
    };
  }
}

/** Reads texts one after the other. Other work gets turns of the event loop in between. */
async function read(count: number, gone: () => boolean, textOf: (row: number) => ReadText): Promise<ReadText[]> {
  const texts: ReadText[] = [];
  let turnEnds = performance.now() + LONGEST_TURN_MS;
  for (let row = 0; row < count; row += 1) {
    texts.push(textOf(row));
    if (performance.now() < turnEnds) continue;
    await turn();
    if (gone()) throw new NestorError('CANCELLED', 'The client left before its texts were read.');
    turnEnds = performance.now() + LONGEST_TURN_MS;
  }
  return texts;
}

/** The values of each input of the model for a text's tokens. */
const VALUES: Readonly<Record<string, (ids: readonly number[], types: readonly number[]) => readonly number[]>> = {
  input_ids: (ids) => ids,
  attention_mask: (ids) => ids.map(() => 1),
  token_type_ids: (_, types) => types,
  position_ids: (ids) => ids.map((_, at) => at),
};

function tokenTensor(datatype: string, values: readonly number[]): Tensor {
  const shape = [1, values.length];
  return datatype === 'INT64'
    ? tensorOf('INT64', shape, BigInt64Array.from(values, BigInt))
    : tensorOf('INT32', shape, Int32Array.from(values));
}

function paddingsOf({ inputs }: Signature, paddingId: number): Paddings {
  return Object.fromEntries(
    inputs.map(({ name, datatype }) => {
      const padding = name === 'input_ids' ? paddingId : 0;
      return [name, datatype === 'INT64' ? BigInt(padding) : padding];
    }),
  );
}
