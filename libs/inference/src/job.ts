import type { Tensors } from '#tensor';

/** One request's work: `inputs` hold `rows` rows in their first dimension. */
export interface Job {
  readonly inputs: Tensors;
  readonly rows: number;
  /** The tensors run as they are, in a run of their own, whatever their shapes are: they are not cut into rows. */
  readonly whole?: boolean;
  /** The caller sent tensors, not rows: what comes of them in a run of their own is the answer, also where it is no rows. */
  readonly asSent?: boolean | undefined;
  /** It is of a request of which a part was admitted before: it may wait however long. */
  readonly isFurther?: boolean | undefined;
  /** The outputs wanted; absent for all. */
  readonly outputs?: readonly string[] | undefined;
  /** On the clock of `performance.now()`, in milliseconds; Infinity for none. */
  readonly deadline: number;
  /** Whether the caller has left. Asked only where the answer matters, so that a job costs no listener. */
  readonly gone?: () => boolean;
}

/** The rows of one job's outputs, in the order of its inputs. */
export interface JobResult {
  /** Views of tensors shared with the jobs of the same batch: not to be changed. */
  readonly outputs: Tensors;
  /** From submission to the start of the job's first run. */
  readonly waitedMs: number;
  /** The sum of the runs that the job's rows were in. */
  readonly ranMs: number;
}
