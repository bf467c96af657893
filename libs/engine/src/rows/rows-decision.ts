import type { RowsKind } from '#tensor';

/** What made the decision: the first in this list that could. */
export type DecidedBy =
  /** `rows` in model.json, or `batching.enabled`. */
  | 'manifest'
  /** Shapes and symbols of the inputs. */
  | 'signature'
  /** The graph, followed node by node. */
  | 'graph'
  /** Runs at load. */
  | 'tests'
  /** A comparison of rows with runs of them alone, while serving. */
  | 'watch';

/** What the first dimension of a model is, with the reason as a sentence for people. */
export interface RowsDecision {
  readonly kind: RowsKind;
  readonly by: DecidedBy;
  readonly reason: string;
  /**
   * Whether the signature fixes the first dimension at 1, so that several rows run one after the other, in every
   * format.
   */
  readonly oneAtATime: boolean;
}

export const decided = (kind: RowsKind, by: DecidedBy, reason: string, oneAtATime = false): RowsDecision => ({
  kind,
  by,
  reason,
  oneAtATime,
});

/** Whether tensors are cut into rows, which then run with those of other requests or one by one. */
export function cutsTensors({ kind, oneAtATime }: RowsDecision): boolean {
  return kind === 'independent' || oneAtATime;
}
