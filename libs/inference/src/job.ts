import type { Tensors } from '#tensor';

/** One request's work: `inputs` hold `rows` rows in their first dimension. */
export interface Job {
  readonly inputs: Tensors;
  readonly rows: number;
  /** Whether the tensors run as they are, in a run of their own and whatever their shapes, instead of being cut into rows. */
  readonly whole?: boolean;
  /** Whether the caller sent tensors, not rows: the outputs of a run of their own are the answer, rows or not. */
  readonly asSent?: boolean | undefined;
  /** Whether an earlier part of its request was admitted: it may then wait for any time. */
  readonly isFurther?: boolean | undefined;
  /** The requested outputs; absent for all. */
  readonly outputs?: readonly string[] | undefined;
  /** On the clock of `performance.now()`, in milliseconds; Infinity for none. */
  readonly deadline: number;
  /** Whether the caller has left. Called only when that matters, so that a job needs no listener. */
  readonly gone?: () => boolean;
}

/** The rows of one job's outputs, in the order of its inputs. */
export interface JobResult {
  /** Views of tensors that jobs of the same batch share: do not change them. */
  readonly outputs: Tensors;
  /** From submission to the start of the job's first run. */
  readonly waitedMs: number;
  /** The total time of the runs that the job's rows were in. */
  readonly ranMs: number;
}
