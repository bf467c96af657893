import type { ModelDescription } from '#engine';
import type { Tensors } from '#tensor';
import type { AnswerWith, OutputOf } from './outputs.ts';
import type { Prediction } from './prediction.ts';

/** How one question is asked. */
export interface CallOptions {
  /** How long to wait for the answer, in milliseconds; as long as the model's own limit allows, which is never exceeded. */
  readonly timeoutMs?: number;
  /** Says when the answer is not wanted any more: what has not started by then does not. */
  readonly signal?: AbortSignal;
}

/** A question whose answer is to have all outputs. */
export interface WholeCallOptions extends CallOptions {
  readonly outputs?: never;
}

/** A question whose answer is to have some outputs only. */
export interface OutputCallOptions<Output extends string> extends CallOptions {
  /** The keys of the answer wanted. Warnings come beside them. */
  readonly outputs: readonly Output[];
}

export interface RunCallOptions extends CallOptions {
  /** The outputs wanted; all, where it is left out. */
  readonly outputs?: readonly string[];
}

/** A list of rows that may arrive over time. */
export type RowStream<Row> = AsyncIterable<Row> | Iterable<Row>;

/**
 * One model as its callers see it: in the same process, or over the network. Every method throws a PredictionError, whose
 * code says what is wrong and whose `errors` name row and field.
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
   * Predicts rows while they come, in their order. What has arrived runs together. No more rows are read than can be
   * predicted; `timeoutMs` holds for each run.
   */
  predictMany(rows: RowStream<Row>, options?: WholeCallOptions): AsyncIterable<Answer>;
  predictMany<Output extends OutputOf<Answer>>(
    rows: RowStream<Row>,
    options: OutputCallOptions<Output>,
  ): AsyncIterable<AnswerWith<Answer, Output>>;
  /** Runs tensors as they are, past features and labels. */
  run(inputs: Tensors, options?: RunCallOptions): Promise<Tensors>;
  /** The model in full: features, labels, versions, and what runs cost. */
  describe(): Promise<ModelDescription>;
  /** Whether the model answers now. */
  isReady(): Promise<boolean>;
}
