import type { ModelDescription } from '#engine';
import type { Tensors } from '#tensor';
import type { AnswerWith, OutputOf } from './outputs.ts';
import type { Prediction } from './prediction.ts';

/** Options of one call. */
export interface CallOptions {
  /** How long to wait for the answer, in milliseconds: by default, and at most, the model's own limit. */
  readonly timeoutMs?: number;
  /** Aborts the call: work that has not started by then never starts. */
  readonly signal?: AbortSignal;
}

/** A call that asks for all outputs. */
export interface WholeCallOptions extends CallOptions {
  readonly outputs?: never;
}

/** A call that asks for some outputs only. */
export interface OutputCallOptions<Output extends string> extends CallOptions {
  /** The requested keys of the answer. Warnings come with them. */
  readonly outputs: readonly Output[];
}

export interface RunCallOptions extends CallOptions {
  /** The requested outputs; all by default. */
  readonly outputs?: readonly string[];
}

/** A list of rows that may arrive over time. */
export type RowStream<Row> = AsyncIterable<Row> | Iterable<Row>;

/**
 * One model as its callers see it, in the same process or over the network. Every method throws PredictionError: its code
 * says what is wrong, and its `errors` name row and field.
 */
export interface Predictor<Row = unknown, Answer = Prediction> {
  /** The model's name. */
  readonly name: string;
  /** Rows of one call run together; rows of calls at the same time share runs as well. */
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
  /**
   * Predicts rows as they arrive, in their order. Rows that have arrived run together. It reads rows no faster than the model
   * predicts them; `timeoutMs` applies to each run.
   */
  predictMany(rows: RowStream<Row>, options?: WholeCallOptions): AsyncIterable<Answer>;
  predictMany<Output extends OutputOf<Answer>>(
    rows: RowStream<Row>,
    options: OutputCallOptions<Output>,
  ): AsyncIterable<AnswerWith<Answer, Output>>;
  /** Runs tensors as they are, without features and labels. */
  run(inputs: Tensors, options?: RunCallOptions): Promise<Tensors>;
  /** The model in full: features, labels, versions, and what runs cost. */
  describe(): Promise<ModelDescription>;
  /** Whether the model answers now. */
  isReady(): Promise<boolean>;
}
