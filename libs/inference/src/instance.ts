import type { Tensors } from '#tensor';

/**
 * A loaded model that can be run. `run` takes tensors whose first dimension is the rows and answers tensors by output
 * name; it may work on the calling thread or elsewhere. It leaves `inputs` usable: they may be views of a buffer that
 * another run reads too, so an implementation copies what it sends to a thread and never transfers it.
 */
export interface Instance {
  /** How many runs may be under way at once. */
  readonly concurrency: number;
  run(inputs: Tensors, outputs?: readonly string[]): Promise<Tensors>;
}
