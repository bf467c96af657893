import type { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import type { Assembly, Part } from './batch.ts';
import type { Kind } from './kind.ts';

/** One request's work: `inputs` hold `rows` rows in their first dimension. */
export interface Job {
  readonly inputs: Tensors;
  readonly rows: number;
  /** The outputs wanted; absent for all. */
  readonly outputs?: readonly string[];
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

/** A job that was admitted, until it is answered. A job that is not cut is its own only part. */
export class Ticket implements Part {
  readonly ticket: Ticket = this;
  readonly from = 0;
  readonly job: Job;
  readonly kind: Kind;
  /** Units of accounting: the job's rows, or 1 where requests run alone. */
  readonly rows: number;
  readonly bytes: number;
  readonly queuedAt: number;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: NestorError) => void;
  /** The next in the same lane of the queue. */
  next: Ticket | undefined = undefined;
  /** Rows that have left the queue. */
  taken = 0;
  /** Rows whose answers are there. */
  answered = 0;
  startedAt = 0;
  ranMs = 0;
  settled = false;
  /** Where the parts of a job that was cut come together. */
  assembly: Assembly | undefined = undefined;

  constructor(
    job: Job,
    kind: Kind,
    rows: number,
    bytes: number,
    queuedAt: number,
    resolve: (result: JobResult) => void,
    reject: (error: NestorError) => void,
  ) {
    this.job = job;
    this.kind = kind;
    this.rows = rows;
    this.bytes = bytes;
    this.queuedAt = queuedAt;
    this.resolve = resolve;
    this.reject = reject;
  }
}
