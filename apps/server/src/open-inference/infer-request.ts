import type { CollectedInputs, InferTarget } from '#engine';
import type { Signature } from '#tensor';
import type { Question } from '../prediction/prediction-operation.ts';

/** One requested output and its form. */
export interface RequestedOutput {
  readonly name: string;
  /** Sends bytes after the JSON instead of numbers in it; ignored in formats where all tensors are binary. */
  readonly binary: boolean;
  /** How many of each row's highest elements to return, as strings; 0 returns the tensor. */
  readonly classification: number;
}

/** A validated inference request, independent of its wire format. */
export interface InferRequest extends CollectedInputs {
  /** The caller's name for the request, which the response repeats. */
  readonly id: string | undefined;
  /** The caller's timeout; undefined for the server's own. */
  readonly timeoutMs: number | undefined;
  /** In the order of the response. */
  readonly outputs: readonly RequestedOutput[];
}

/** An inference request as it goes through the pipeline. */
export interface InferQuestion extends Question {
  /** What the encoder needs besides the outputs. */
  readonly wanted: Pick<InferRequest, 'id' | 'outputs'>;
}

export function questionOf(
  { inputs, rows, whole, timeoutMs, id, outputs }: InferRequest,
  { signature }: InferTarget,
): InferQuestion {
  return {
    run: { inputs, rows, asSent: true, whole, outputs: outputNames(outputs, signature) },
    timeoutMs,
    wanted: { id, outputs },
  };
}

/** The outputs to compute; undefined for all, so that requests which name every output share batches with the rest. */
function outputNames(wanted: readonly RequestedOutput[], { outputs }: Signature): readonly string[] | undefined {
  return wanted.length === outputs.length ? undefined : wanted.map(({ name }) => name);
}
