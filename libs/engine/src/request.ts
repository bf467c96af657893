import type { Predictions } from '#features';
import type { RowGroup, Tensors } from '#tensor';
import type { ReadText } from './text/text-model.ts';

/** What to run: tensors of `rows` rows and, where not all are wanted, the names of the outputs. */
export interface Run {
  readonly inputs: Tensors;
  readonly rows: number;
  /** Rows of different shapes: those of each shape. `inputs` then hold nothing. */
  readonly groups?: readonly RowGroup[] | undefined;
  /** The caller sent tensors, not rows: where rows are not independent, they run as they are. */
  readonly asSent?: boolean | undefined;
  /** They are not to be cut into rows, whatever the model's are: they run as they are, in a run of their own. */
  readonly whole?: boolean | undefined;
  readonly outputs?: readonly string[] | undefined;
  /** Of a text model: they were read already, and `inputs` hold nothing. */
  readonly texts?: readonly ReadText[] | undefined;
}

/** Who waits for an answer. */
export interface Caller {
  /** How long the caller is willing to wait; Infinity for as long as the version allows, which is never exceeded. */
  readonly timeoutMs: number;
  /** Whether the caller has left. Asked only where the answer matters, so that a request costs no listener. */
  readonly gone: () => boolean;
}

/** Waits for as long as the version allows. */
export const PATIENT: Caller = { timeoutMs: Infinity, gone: () => false };

/** What one request may ask of a version: what its manifest says, else the settings. */
export interface RequestLimits {
  /** Most rows of one request. */
  readonly maxRows: number;
  /** The longest that a request may take. */
  readonly timeoutMs: number;
  /** Whether a dimension that the model leaves open may be 0. */
  readonly emptyDimensions: boolean;
}

/** Which model is asked, and by whom. */
export interface PredictOptions {
  /** The default model, where it is left out. */
  readonly model?: string;
  /** The latest that is served, where it is left out. */
  readonly version?: string;
  /** How long to wait for the answer; as long as the version allows, which is never exceeded, by default. */
  readonly timeoutMs?: number;
  /** Says when the answer is not wanted any more: what has not started by then does not. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends PredictOptions {
  /** The outputs wanted; all, where it is left out. */
  readonly outputs?: readonly string[];
}

/** What gave an answer. */
interface Answered {
  readonly model: { readonly name: string; readonly version: string };
}

export interface Prediction extends Predictions, Answered {}

/** The outputs of tensors that were run. */
export interface Outputs extends Answered {
  /** They share memory with those of others that ran at the same time: not to be changed. */
  readonly outputs: Tensors;
}

export function callerOf({ timeoutMs = Infinity, signal }: Pick<PredictOptions, 'timeoutMs' | 'signal'>): Caller {
  return { timeoutMs, gone: () => signal?.aborted ?? false };
}
