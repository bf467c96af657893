import type { ModelDescription } from '#engine';
import type { Predictions } from '#features';
import {
  type Prediction,
  predictionsOf,
  type RowCallOptions,
  RowPredictor,
  type RunCallOptions,
  withOutputs,
} from '#predictor';
import type { Tensors } from '#tensor';
import { inferQuestion, tensorsOf } from './infer.ts';
import { parseAnswer, rowsText } from './json.ts';
import type { Transport } from './transport.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A model behind a server. */
export class RemotePredictor<Row = unknown, Answer = Prediction> extends RowPredictor<Row, Answer> {
  readonly name: string;
  readonly #path: string;
  readonly #transport: Transport;

  /** @internal */
  constructor(transport: Transport, name: string) {
    super();
    this.name = name;
    this.#path = `/models/${encodeURIComponent(name)}`;
    this.#transport = transport;
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

  protected async answer(rows: readonly Row[], { outputs, ...options }: RowCallOptions): Promise<readonly object[]> {
    const question = { method: 'POST', headers: JSON_TYPE, body: rowsText(rows) } as const;
    const response = await this.#transport.ask(`${this.#path}/predict`, question, options);
    const answer = parseAnswer(await response.text()) as Omit<Predictions, 'warnings'> & Partial<Predictions>;
    return withOutputs(predictionsOf({ ...answer, warnings: answer.warnings ?? [] }), outputs);
  }
}
