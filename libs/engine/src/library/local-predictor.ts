import { toNestorError } from '#errors';
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
import type { ModelDescription } from '../description.ts';
import type { Engine } from '../engine.ts';
import type { ModelVersion } from '../model-version.ts';
import { callerOf } from '../request.ts';
import { runOf } from '../tensor-run.ts';
import type { OpenOptions } from './open-options.ts';

/** A model of an engine in the same process, by its latest version. */
export class LocalPredictor<Row = unknown, Answer = Prediction> implements Predictor<Row, Answer> {
  readonly name: string;
  readonly #engine: Engine;
  readonly #answered: OpenOptions['answered'];

  /** @internal */
  constructor(engine: Engine, name: string, answered: OpenOptions['answered']) {
    this.name = name;
    this.#engine = engine;
    this.#answered = answered;
  }

  predict(rows: readonly Row[], options?: CallOptions): Promise<Answer[]>;
  predict(row: Row, options?: CallOptions): Promise<Answer>;
  async predict(rows: Row | readonly Row[], options: CallOptions = {}): Promise<Answer | Answer[]> {
    if (Array.isArray(rows)) return this.#predict(rows as readonly Row[], options);
    const [answer] = await this.#predict([rows as Row], options);
    return answer!;
  }

  predictMany(rows: RowStream<Row>, options?: CallOptions): AsyncIterable<Answer> {
    return predictMany((some: readonly Row[], each: CallOptions) => this.#predict(some, each), rows, options);
  }

  run(inputs: Tensors, { outputs, ...options }: RunCallOptions = {}): Promise<Tensors> {
    return this.#ask(async (version) => {
      const run = runOf(version, inputs, outputs);
      const answer = await version.run(run, callerOf(options));
      return { answer: answer.outputs, rows: run.rows };
    });
  }

  async describe(): Promise<ModelDescription> {
    return this.#engine.describe(this.name);
  }

  async isReady(): Promise<boolean> {
    return this.#engine.status().some(({ name, latest }) => name === this.name && latest !== undefined);
  }

  async #predict(rows: readonly Row[], options: CallOptions): Promise<Answer[]> {
    const caller = callerOf(options);
    const predictions = await this.#ask(async (version) => {
      const answer = predictionsOf(await version.predict(rows, caller));
      return { answer, rows: rows.length };
    });
    if (predictions.length === rows.length) return predictions as Answer[];
    // An output that has no rows is one answer for all; asked alone, each row has its own.
    return Promise.all(rows.map((row) => this.predict(row, options)));
  }

  async #ask<Result>(
    work: (version: ModelVersion) => Promise<{ readonly answer: Result; readonly rows: number }>,
  ): Promise<Result> {
    const started = performance.now();
    const version = this.#engine.get(this.name);
    try {
      const { answer, rows } = await version.leased(() => work(version));
      this.#tell(version, 'ok', rows, started);
      return answer;
    } catch (thrown) {
      const error = toNestorError(thrown);
      this.#tell(version, error.code, 0, started);
      throw error;
    }
  }

  #tell({ name, version }: ModelVersion, outcome: string, rows: number, started: number): void {
    this.#answered?.({ name, version, outcome, rows, seconds: (performance.now() - started) / 1000 });
  }
}
