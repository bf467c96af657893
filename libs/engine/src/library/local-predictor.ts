import { toNestorError } from '#errors';
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
import type { ModelDescription } from '../description.ts';
import type { Engine } from '../engine.ts';
import type { ModelVersion } from '../model-version.ts';
import { callerOf } from '../request.ts';
import { runOf } from '../tensor-run.ts';
import type { OpenOptions } from './open-options.ts';

/** The work of a version for a call; returns the answer and its number of rows. */
type Work<Result> = (version: ModelVersion) => Promise<{ readonly answer: Result; readonly rows: number }>;

/** A model of an engine in the same process, by its latest version. */
export class LocalPredictor<Row = unknown, Answer = Prediction> extends RowPredictor<Row, Answer> {
  readonly name: string;
  readonly #engine: Engine;
  readonly #answered: OpenOptions['answered'];

  /** @internal */
  constructor(engine: Engine, name: string, answered: OpenOptions['answered']) {
    super();
    this.name = name;
    this.#engine = engine;
    this.#answered = answered;
  }

  run(inputs: Tensors, { outputs, ...options }: RunCallOptions = {}): Promise<Tensors> {
    return this.#ask({ method: 'run' }, async (version) => {
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

  protected answer(rows: readonly Row[], { outputs, ...options }: RowCallOptions): Promise<readonly object[]> {
    const caller = callerOf(options);
    return this.#ask({ method: 'predict', rows: rows.length }, async (version) => {
      const answer = withOutputs(predictionsOf(await version.predict(rows, caller)), outputs);
      return { answer, rows: rows.length };
    });
  }

  #ask<Result>(call: Pick<Call, 'method' | 'rows'>, work: Work<Result>): Promise<Result> {
    return withSpan({ ...call, model: this.name }, async (served) => {
      const started = performance.now();
      const version = this.#engine.get(this.name);
      served(version.version);
      try {
        const { answer, rows } = await version.leased(() => work(version));
        this.#tell(version, 'ok', rows, started);
        return answer;
      } catch (thrown) {
        const error = toNestorError(thrown);
        this.#tell(version, error.code, 0, started);
        throw error;
      }
    });
  }

  #tell({ name, version }: ModelVersion, outcome: string, rows: number, started: number): void {
    this.#answered?.({ name, version, outcome, rows, seconds: (performance.now() - started) / 1000 });
  }
}
