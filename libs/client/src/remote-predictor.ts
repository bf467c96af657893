import type { ModelDescription } from '#engine';
import { parseExact, type Predictions } from '#features';
import {
  type CallOptions,
  type Prediction,
  predictionsOf,
  predictMany,
  type Predictor,
  type RowStream,
  type RunCallOptions,
} from '#predictor';
import type { Tensors } from '#tensor';
import { inferQuestion, tensorsOf } from './infer.ts';
import { rowsText } from './json.ts';
import type { Transport } from './transport.ts';

type Answered = Pick<Predictions, 'prediction'> & { readonly model: unknown };

const JSON_TYPE = { 'content-type': 'application/json' };

/** A model behind a server. */
export class RemotePredictor<Row = unknown, Answer = Prediction> implements Predictor<Row, Answer> {
  readonly name: string;
  readonly #path: string;
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport, name: string) {
    this.name = name;
    this.#path = `/models/${encodeURIComponent(name)}`;
    this.#transport = transport;
  }

  predict(rows: readonly Row[], options?: CallOptions): Promise<Answer[]>;
  predict(row: Row, options?: CallOptions): Promise<Answer>;
  async predict(rows: Row | readonly Row[], options?: CallOptions): Promise<Answer | Answer[]> {
    if (Array.isArray(rows)) return this.#predict(rows as readonly Row[], options);
    const [answer] = await this.#predict([rows as Row], options);
    return answer!;
  }

  predictMany(rows: RowStream<Row>, options?: CallOptions): AsyncIterable<Answer> {
    return predictMany((some: readonly Row[], each: CallOptions) => this.#predict(some, each), rows, options);
  }

  async run(inputs: Tensors, { outputs, ...options }: RunCallOptions = {}): Promise<Tensors> {
    const path = `/v2${this.#path}/infer`;
    return tensorsOf(await this.#transport.ask(path, inferQuestion(inputs, outputs), options));
  }

  async describe(): Promise<ModelDescription> {
    return (await (await this.#transport.ask(this.#path, {})).json()) as ModelDescription;
  }

  async isReady(): Promise<boolean> {
    const described = await this.describe().catch(() => undefined);
    return described?.versions.some(({ state }) => state === 'ready') ?? false;
  }

  async #predict(rows: readonly Row[], options: CallOptions = {}): Promise<Answer[]> {
    const question = { method: 'POST', headers: JSON_TYPE, body: rowsText(rows) } as const;
    const response = await this.#transport.ask(`${this.#path}/predict`, question, options);
    const { model: _, ...answer } = parseExact(await response.text()) as Answered;
    const predictions = predictionsOf({ warnings: [], ...answer });
    if (predictions.length === rows.length) return predictions as Answer[];
    // An output that has no rows is one answer for all; asked alone, each row has its own.
    return Promise.all(rows.map((row) => this.predict(row, options)));
  }
}
