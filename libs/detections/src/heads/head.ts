import type { Tensors } from '#tensor';

/** A possible object, in the pixels of the model's input. */
export interface Candidate {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly score: number;
  /** The index of its label. */
  readonly label: number;
}

/** Reads candidates from the outputs of one kind of model. */
export interface Head {
  /** The outputs that it reads. */
  readonly outputs: readonly string[];
  /** Whether they have a first dimension for pictures; without one, a run takes one picture. */
  readonly hasRows: boolean;
  /** The candidates of one picture with a score above the threshold. */
  candidates(outputs: Tensors, row: number, threshold: number): Candidate[];
}
