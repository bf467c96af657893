import type { CollectedInputs, InferTarget } from '#engine';
import type { Signature } from '#tensor';
import type { Question } from '../prediction/prediction-operation.ts';

/** One output of the answer, and the form in which it is wanted. */
export interface RequestedOutput {
  readonly name: string;
  /** As bytes after the JSON instead of numbers in it; of no meaning where all tensors are binary. */
  readonly binary: boolean;
  /** The highest n elements of each row, as strings, instead of the tensor; 0 for the tensor. */
  readonly classification: number;
}

/** An inference request, read and checked: whatever its wire format was, it can be run. */
export interface InferRequest extends CollectedInputs {
  /** The caller's name for the request, given back in the answer. */
  readonly id: string | undefined;
  /** How long the caller is willing to wait; undefined for as long as the server allows. */
  readonly timeoutMs: number | undefined;
  /** In the order of the answer. */
  readonly outputs: readonly RequestedOutput[];
}

/** An inference request as it goes through the pipeline. */
export interface InferQuestion extends Question {
  /** What the answer is written from, beside the outputs. */
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

/** The outputs to run for: undefined for all, so that requests for everything share a batch however they say it. */
function outputNames(wanted: readonly RequestedOutput[], { outputs }: Signature): readonly string[] | undefined {
  return wanted.length === outputs.length ? undefined : wanted.map(({ name }) => name);
}
