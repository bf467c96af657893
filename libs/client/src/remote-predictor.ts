import type { ModelDescription } from '#engine';
import { parseExact, type Predictions } from '#features';
import {
  type Call,
  type Prediction,
  predictionsOf,
  type RowCallOptions,
  RowPredictor,
  type RunCallOptions,
  withOutputs,
  withSpan,
} from '#predictor';
import type { Tensors } from '#tensor';
import { inferQuestion, readAnswer } from './infer.ts';
import { rowsText } from './json.ts';
import type { Transport } from './transport.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** What `/predict` answers. */
type PredictAnswer = Pick<Predictions, 'prediction'> &
  Partial<Pick<Predictions, 'warnings'>> & { readonly model: { readonly version: string } };

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

  run(inputs: Tensors, { outputs, ...options }: RunCallOptions = {}): Promise<Tensors> {
    const question = inferQuestion(inputs, outputs);
    return withSpan(this.#call('run'), async (served) => {
      const answer = await readAnswer(await this.#transport.ask(`/v2${this.#path}/infer`, question, options));
      served(answer.version);
      return answer.outputs;
    });
  }

  async describe(): Promise<ModelDescription> {
    return (await (await this.#transport.ask(this.#path, {})).json()) as ModelDescription;
  }

  async isReady(): Promise<boolean> {
    const described = await this.describe().catch(() => undefined);
    return described?.versions.some(({ state }) => state === 'ready') ?? false;
  }

  protected answer(rows: readonly Row[], { outputs, ...options }: RowCallOptions): Promise<readonly object[]> {
    const question = { method: 'POST', headers: JSON_TYPE, body: rowsText(rows) } as const;
    return withSpan({ ...this.#call('predict'), rows: rows.length }, async (served) => {
      const response = await this.#transport.ask(`${this.#path}/predict`, question, options);
      const { model, warnings = [], ...answer } = parseExact(await response.text()) as PredictAnswer;
      served(model.version);
      return withOutputs(predictionsOf({ ...answer, warnings }), outputs);
    });
  }

  #call(method: Call['method']): Call {
    return { method, model: this.name, server: this.#transport.server };
  }
}
