import type { ModelDescription } from '#engine';
import type { Tensors } from '#tensor';
import type { AnswerWith, OutputOf } from './outputs.ts';
import { predictMany } from './predict-many.ts';
import type {
  CallOptions,
  OutputCallOptions,
  Predictor,
  RowStream,
  RunCallOptions,
  WholeCallOptions,
} from './predictor.ts';

/** Options of a call that may ask for some outputs only. */
export interface RowCallOptions extends CallOptions {
  readonly outputs?: readonly string[];
}

/** A predictor, wherever its model runs: for one row, several rows, or a stream of rows. */
export abstract class RowPredictor<Row, Answer> implements Predictor<Row, Answer> {
  abstract readonly name: string;
  abstract run(inputs: Tensors, options?: RunCallOptions): Promise<Tensors>;
  abstract describe(): Promise<ModelDescription>;
  abstract isReady(): Promise<boolean>;

  /** The answers of rows with the requested outputs; a single answer if the model's output has no rows. */
  protected abstract answer(rows: readonly Row[], options: RowCallOptions): Promise<readonly object[]>;

  predict(rows: readonly Row[], options?: WholeCallOptions): Promise<Answer[]>;
  predict(row: Row, options?: WholeCallOptions): Promise<Answer>;
  predict<Output extends OutputOf<Answer>>(
    rows: readonly Row[],
    options: OutputCallOptions<Output>,
  ): Promise<AnswerWith<Answer, Output>[]>;
  predict<Output extends OutputOf<Answer>>(
    row: Row,
    options: OutputCallOptions<Output>,
  ): Promise<AnswerWith<Answer, Output>>;
  async predict(rows: Row | readonly Row[], options: RowCallOptions = {}): Promise<unknown> {
    if (Array.isArray(rows)) return this.#each(rows as readonly Row[], options);
    return (await this.#each([rows as Row], options))[0];
  }

  predictMany(rows: RowStream<Row>, options?: WholeCallOptions): AsyncIterable<Answer>;
  predictMany<Output extends OutputOf<Answer>>(
    rows: RowStream<Row>,
    options: OutputCallOptions<Output>,
  ): AsyncIterable<AnswerWith<Answer, Output>>;
  predictMany(rows: RowStream<Row>, options: RowCallOptions = {}): AsyncIterable<unknown> {
    return predictMany((some: readonly Row[], each) => this.#each(some, each), rows, options);
  }

  async #each(rows: readonly Row[], options: RowCallOptions): Promise<readonly unknown[]> {
    const answers = await this.answer(rows, options);
    if (answers.length === rows.length) return answers;
    // An output without rows is one answer for all rows of a call: predicted alone, each row gets its own.
    return Promise.all(rows.map(async (row) => (await this.answer([row], options))[0]));
  }
}
