import type { NestorError } from '#errors';
import type { Assembly } from './assembly.ts';
import type { Job, JobResult } from './job.ts';
import type { Kind } from './kind.ts';

/** Rows `from` to `from + rows` of a job: the part that one run takes. */
export interface Part {
  readonly ticket: Ticket;
  readonly from: number;
  readonly rows: number;
}

export function rowsOf(parts: readonly Part[]): number {
  let rows = 0;
  for (const part of parts) rows += part.rows;
  return rows;
}

/** How much of runs parts take together; see `Ticket.size`. */
export function sizeOf(parts: readonly Part[]): number {
  let size = 0;
  for (const { ticket, rows } of parts) size += rows * ticket.rowSize;
  return size;
}

/** An admitted job, until its answer. A job that is not cut is its own only part. */
export class Ticket implements Part {
  readonly ticket: Ticket = this;
  readonly from = 0;
  readonly job: Job;
  readonly kind: Kind;
  /** Units of accounting: the job's rows, or 1 where it runs whole. */
  readonly rows: number;
  /** How much of a run's size one of its rows takes. */
  readonly rowSize: number;
  readonly bytes: number;
  readonly queuedAt: number;
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: NestorError) => void;
  /** The next in the same lane of the queue. */
  next: Ticket | undefined = undefined;
  /** Rows that have left the queue. */
  taken = 0;
  /** Rows that have their answers. */
  answered = 0;
  startedAt = 0;
  ranMs = 0;
  settled = false;
  /** Collects the parts of a job that was cut. */
  assembly: Assembly | undefined = undefined;

  /** Its size: its rows, or, if they are padded, all their elements in one input. */
  get size(): number {
    return this.rows * this.rowSize;
  }

  constructor(
    job: Job,
    kind: Kind,
    { rows, rowSize, bytes }: Pick<Ticket, 'rows' | 'rowSize' | 'bytes'>,
    queuedAt: number,
    resolve: (result: JobResult) => void,
    reject: (error: NestorError) => void,
  ) {
    this.job = job;
    this.kind = kind;
    this.rows = rows;
    this.rowSize = rowSize;
    this.bytes = bytes;
    this.queuedAt = queuedAt;
    this.resolve = resolve;
    this.reject = reject;
  }
}
