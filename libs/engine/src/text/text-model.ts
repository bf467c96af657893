import { setImmediate as turn } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { PredictionOptions } from '#features';
import type { Paddings } from '#inference';
import { TextOptionsError, type TextPlan, type TextTokenizer, type Tokens } from '#text';
import { noTensors, type Signature, tensorOf, type Tensor, type Tensors } from '#tensor';
import { type TextAnswers, textAnswersOf } from './text-answers.ts';

/** The longest that texts are made into tokens in one turn of the event loop. */
const LONGEST_TURN_MS = 5;

/** What a text that stands for all is taken to have. */
export const TYPICAL_TOKENS = 32;

/** How many texts of a usual length have so many tokens together. */
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
 * What makes a model of tokens one of texts: it reads texts into tokens, and makes embeddings, classes or entities of what the
 * model says of them. To all that asks it, it has the inputs and outputs of `signature`.
 */
export class TextModel {
  readonly plan: TextPlan;
  readonly tokenizer: TextTokenizer;
  /** What people send and get: texts, and what is made of them; beside it how many tokens each had, and whether it was cut. */
  readonly signature: Signature;
  /** What is filled into shorter texts of a run. */
  readonly paddings: Paddings;
  /** Whether the model is told what is filled in: without a mask it would read that too. */
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
      throw new TextOptionsError('The tokenizer does not say how two texts are put together, which reranking needs.');
  }

  /** The signature that answers are written by: without what is there for clients that ask for it by name. */
  get answered(): Signature {
    return { inputs: this.signature.inputs, outputs: this.#answers.outputs };
  }

  /** As what the outputs are answered, where the manifest does not say. */
  get answers(): PredictionOptions {
    const end = this.tokenizer.truncation === 'left' ? 'beginning' : 'end';
    const what = `has more than the ${this.plan.maxTokens} tokens that the model reads: its ${end} was left out`;
    return { ...this.#answers.options, rowWarnings: [{ from: 'truncated', field: 'text', what }] };
  }

  /** A text's tokens, or those of a query with a text. */
  tokens(texts: readonly string[]): Tokens {
    const { prompt } = this.plan;
    const [first, second] = texts as [string, string?];
    return second === undefined ? this.tokenizer.tokens(prompt + first) : this.tokenizer.pair(first, second);
  }

  /**
   * The texts in a request's tensors, as tokens.
   * @throws NestorError CANCELLED where the caller has left
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
   * Texts as tokens, some of which their caller made.
   * @param given each a text, or its tokens with all that the model wants around them
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

  /** Numbers of an embedding, or of whatever the first output has of one text. */
  get width(): number {
    return this.#answers.outputs[0]!.shape.at(-1)!;
  }

  /** The output that answers. */
  get output(): string {
    return this.plan.output.name;
  }

  /** All texts' answers, in the order of their rows. @param outputs of the model, a tensor a text */
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

/** Texts one after the other. Others have their turn of the event loop meanwhile. */
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

/** What each input of the model holds of a text's tokens. */
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
