import type { Predictions } from '#features';
import type { RowGroup, Tensors } from '#tensor';
import type { ReadText } from './text/text-model.ts';

/** What to run: tensors of `rows` rows and, unless all are wanted, the names of the outputs. */
export interface Run {
  readonly inputs: Tensors;
  readonly rows: number;
  /** Rows of different shapes, grouped by shape. `inputs` is then empty. */
  readonly groups?: readonly RowGroup[] | undefined;
  /** Whether the caller sent tensors, not rows. If the model's rows are not independent, these run unchanged. */
  readonly asSent?: boolean | undefined;
  /** Whether tensors must run whole, in a separate run, whatever the kind of the model's rows. */
  readonly whole?: boolean | undefined;
  readonly outputs?: readonly string[] | undefined;
  /** The texts of a text model, if they are read already. `inputs` is then empty. */
  readonly texts?: readonly ReadText[] | undefined;
}

/** The caller who waits for an answer. */
export interface Caller {
  /** How long the caller waits, at most as long as the version allows; Infinity for that maximum. */
  readonly timeoutMs: number;
  /** Whether the caller has left. A function, so that a request needs no listener. */
  readonly gone: () => boolean;
}

/** Waits for as long as the version allows. */
export const PATIENT: Caller = { timeoutMs: Infinity, gone: () => false };

/** The limits of one request, by the version's manifest, or else by the settings. */
export interface RequestLimits {
  /** The maximum rows of one request. */
  readonly maxRows: number;
  /** The longest that a request may take. */
  readonly timeoutMs: number;
  /** Whether a dimension that the model leaves open may be 0. */
  readonly emptyDimensions: boolean;
}

/** The model of a request, and its caller. */
export interface PredictOptions {
  /** By default, the default model. */
  readonly model?: string;
  /** By default, the latest served version. */
  readonly version?: string;
  /** How long to wait for the answer; by default, and at most, as long as the version allows. */
  readonly timeoutMs?: number;
  /** Aborts the request: work that has not started by then never starts. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends PredictOptions {
  /** The requested outputs; all by default. */
  readonly outputs?: readonly string[];
}

/** The model that answered. */
interface Answered {
  readonly model: { readonly name: string; readonly version: string };
}

export interface Prediction extends Predictions, Answered {}

/** The outputs of tensors that were run. */
export interface Outputs extends Answered {
  /** Do not change them: they share memory with the outputs of other requests in the same run. */
  readonly outputs: Tensors;
}

export function callerOf({ timeoutMs = Infinity, signal }: Pick<PredictOptions, 'timeoutMs' | 'signal'>): Caller {
  return { timeoutMs, gone: () => signal?.aborted ?? false };
}
