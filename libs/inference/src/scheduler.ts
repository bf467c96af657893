import { setImmediate as turn } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import { Admission } from './admission.ts';
import { assemble, Assembly, MisshapenOutput, type Part, requireRows, Slicer } from './batch.ts';
import { Alarm } from './deadline.ts';
import type { BatchingMode, Instance } from './instance.ts';
import { type Job, type JobResult, Ticket } from './job.ts';
import { bytesOf, Kind, Kinds } from './kind.ts';
import { Queue } from './queue.ts';

export interface SchedulerObserver {
  /** A run ended well: its rows (requests, where they run alone) and how long it took. */
  batchRun(rows: number, seconds: number): void;
  /** A job's first run began. */
  jobWaited(seconds: number): void;
}

export interface SchedulerOptions {
  readonly mode: BatchingMode;
  /** Rows of one run at most; one where the mode is not `batched`. */
  readonly maxBatchRows: number;
  /** How long a batch that is not full waits for more; 0 for not at all. */
  readonly maxBatchWaitMs: number;
  /** Rows that may wait; requests longer than a batch, which wait apart, are counted apart. */
  readonly maxQueuedRows: number;
  /** Bytes that jobs may hold until they are answered. */
  readonly maxQueuedBytes: number;
  readonly observer?: SchedulerObserver;
}

/** How often jobs whose caller has left are looked for when nothing else meets them. */
const SWEEP_MS = 100;
/** Jobs looked at per millisecond at most when a full queue is searched for callers who have left. */
const SWEPT_PER_MS = 1000;

/**
 * Takes jobs, forms batches of what arrives in one turn of the event loop or while runs are under way, and hands each job
 * its own rows. Bounded, first come first served, with deadlines; a run that throws fails only the jobs that caused it.
 */
export class Scheduler {
  /** Runs of several jobs whose outputs could not be told apart, and which were run again in parts. */
  misshapenBatches = 0;

  readonly #instance: Instance;
  readonly #options: SchedulerOptions;
  readonly #maxBatchRows: number;
  readonly #queue: Queue;
  readonly #admission: Admission;
  readonly #kinds = new Kinds();
  readonly #alarm = new Alarm(() => this.#sweepAll());
  readonly #batchWait = new Alarm(() => this.#flush());
  readonly #runs = new Set<readonly Part[]>();
  #whenIdle: (() => void)[] = [];
  #jobsInFlight = 0;
  #flushing = false;
  #closed = false;
  #sweptAt = -Infinity;
  /** The clock as last read: one reading serves all the tickets that one turn looks at. */
  #now = 0;

  constructor(instance: Instance, options: SchedulerOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#maxBatchRows = options.mode === 'batched' ? options.maxBatchRows : 1;
    this.#queue = new Queue(this.#maxBatchRows);
    this.#admission = new Admission(options);
  }

  /** Rows that wait for their run (requests, where they run alone). */
  get queuedRows(): number {
    return this.#queue.rows;
  }

  /** Bytes held by jobs that are not answered yet. */
  get queuedBytes(): number {
    return this.#admission.bytes;
  }

  /** Jobs that are not answered yet. */
  get jobsInFlight(): number {
    return this.#jobsInFlight;
  }

  /**
   * Answers a job with its own rows of the outputs.
   *
   * @throws NestorError QUEUE_FULL at once, with `retryAfterSeconds`; DEADLINE_EXCEEDED; CANCELLED where the caller left
   * before the run; MODEL_FAILED with what the model threw on these rows as its cause; MODEL_NOT_READY once closed;
   * NO_ROWS and INVALID_TENSOR where `rows` and the inputs' first dimensions are not a number of rows.
   */
  submit(job: Job): Promise<JobResult> {
    return new Promise<JobResult>((resolve, reject) => {
      const alone = this.#options.mode === 'request-by-request';
      if (!alone && job.rows < 1) throw new NestorError('NO_ROWS', 'The request has no rows.');
      const kind = alone ? Kind.ANY : this.#kinds.of(job);
      const rows = alone ? 1 : job.rows;
      const bytes = alone ? bytesOf(job.inputs) : kind.bytes(job);
      const now = performance.now();
      this.#admit(job, rows, bytes, now);
      this.#queue.push(new Ticket(job, kind, rows, bytes, now, resolve, reject));
      this.#admission.hold(bytes);
      this.#jobsInFlight += 1;
      this.#alarm.by(Math.min(job.deadline, now + SWEEP_MS), now);
      this.#flushSoon();
    });
  }

  /** Resolves once nothing waits or runs. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Takes no more jobs and refuses those that wait; runs under way end as usual. */
  close(): void {
    this.#closed = true;
    this.#batchWait.clear();
    this.#queue.sweep((ticket) => this.#reject(ticket, closedError()));
    this.#settle();
  }

  #admit(job: Job, rows: number, bytes: number, now: number): void {
    if (this.#closed) throw closedError();
    if (job.deadline <= now) throw lateError();
    if (this.#admission.admits(rows, bytes, this.#queue.rowsBefore(rows))) return;
    if (this.#sweepIfWorthwhile(now) && this.#admission.admits(rows, bytes, this.#queue.rowsBefore(rows))) return;
    throw new NestorError('QUEUE_FULL', `${this.#queue.rows} row(s) are waiting and ${this.#admission.bytes} bytes are held.`, {
      retryAfterSeconds: this.#admission.retryAfterSeconds(this.#queue.rows, this.#instance.concurrency),
    });
  }

  /** Whether callers who have left were looked for: under a flood of refusals a long queue is not searched for each. */
  #sweepIfWorthwhile(now: number): boolean {
    if ((now - this.#sweptAt) * SWEPT_PER_MS < this.#queue.jobs) return false;
    this.#sweptAt = now;
    this.#now = now;
    this.#queue.sweep(this.#wanted);
    return true;
  }

  #flushSoon(): void {
    if (this.#flushing || this.#runs.size >= this.#instance.concurrency) return;
    this.#flushing = true;
    setImmediate(this.#flush);
  }

  /** Starts the runs that are due. What arrived in this turn of the event loop is all there. */
  readonly #flush = (): void => {
    this.#flushing = false;
    this.#now = performance.now();
    for (let free = this.#instance.concurrency - this.#runs.size; free > 0; free -= 1) {
      const wait = this.#queue.dueIn(this.#now, this.#options.maxBatchWaitMs);
      if (wait > 0) {
        this.#batchWait.by(this.#now + wait, this.#now);
        break;
      }
      // Instances that are free share what waits, rather than one taking all.
      const share = Math.ceil(this.#queue.rows / free);
      const parts = this.#queue.next(Math.min(this.#maxBatchRows, share), this.#wanted);
      if (parts.length === 0) break;
      void this.#start(parts);
    }
    this.#settle();
  };

  async #start(parts: readonly Part[]): Promise<void> {
    this.#runs.add(parts);
    await this.#run(parts);
    this.#runs.delete(parts);
    if (this.#queue.jobs > 0) this.#flushSoon();
    this.#settle();
  }

  async #run(parts: readonly Part[]): Promise<void> {
    let rows = 0;
    for (const part of parts) rows += part.rows;
    const began = performance.now();
    let outputs: Tensors;
    try {
      for (const part of parts) this.#begin(part.ticket, began);
      outputs = await this.#instance.run(assemble(parts, rows), parts[0]!.ticket.job.outputs);
      if (this.#options.mode !== 'request-by-request') requireRows(outputs, rows);
    } catch (cause) {
      return this.#isolate(parts, cause);
    }
    const ms = performance.now() - began;
    this.#admission.ran(rows, ms);
    this.#options.observer?.batchRun(rows, ms / 1000);
    this.#deliver(parts, outputs, ms);
  }

  #begin(ticket: Ticket, now: number): void {
    if (ticket.startedAt !== 0) return;
    ticket.startedAt = now;
    this.#options.observer?.jobWaited((now - ticket.queuedAt) / 1000);
  }

  #deliver(parts: readonly Part[], outputs: Tensors, ms: number): void {
    if (parts.length === 1) return this.#answer(parts[0]!, outputs, ms);
    const slicer = new Slicer(outputs);
    for (const part of parts) this.#answer(part, slicer.next(part.rows), ms);
  }

  #answer({ ticket, from, rows }: Part, outputs: Tensors, ms: number): void {
    if (ticket.settled) return;
    ticket.ranMs += ms;
    ticket.answered += rows;
    if (rows === ticket.rows) return this.#resolve(ticket, outputs);
    try {
      ticket.assembly ??= new Assembly(outputs, ticket.rows);
      ticket.assembly.add(outputs, from);
    } catch (cause) {
      return this.#fail(ticket, cause);
    }
    if (ticket.answered === ticket.rows) this.#resolve(ticket, ticket.assembly.outputs);
  }

  /** Runs the halves of a batch that failed, each by itself, until what failed stands alone. */
  async #isolate(parts: readonly Part[], cause: unknown): Promise<void> {
    if (parts.length === 1) return this.#fail(parts[0]!.ticket, cause);
    if (cause instanceof MisshapenOutput) this.misshapenBatches += 1;
    const middle = parts.length >> 1;
    for (const half of [parts.slice(0, middle), parts.slice(middle)]) {
      await turn();
      this.#now = performance.now();
      const wanted = half.filter(({ ticket }) => this.#wanted(ticket));
      if (wanted.length > 0) await this.#run(wanted);
    }
  }

  /** Whether a ticket is still to be run; one whose deadline has passed or whose caller has left is answered so. */
  readonly #wanted = (ticket: Ticket): boolean => {
    if (ticket.settled) return false;
    if (ticket.job.deadline <= this.#now) return this.#reject(ticket, lateError());
    if (ticket.job.gone?.()) return this.#reject(ticket, new NestorError('CANCELLED', 'The client left before the model ran.'));
    return true;
  };

  /** Meets all jobs, those in runs too: a run that never ends must not keep its callers. */
  #sweepAll(): void {
    this.#now = performance.now();
    let earliest = this.#queue.sweep(this.#wanted);
    for (const parts of this.#runs) {
      for (const { ticket } of parts) {
        if (ticket.settled) continue;
        if (ticket.job.deadline <= this.#now) this.#dismiss(ticket, lateError());
        else earliest = Math.min(earliest, ticket.job.deadline);
      }
    }
    if (this.#jobsInFlight > 0) this.#alarm.by(Math.min(earliest, this.#now + SWEEP_MS), this.#now);
    this.#settle();
  }

  #fail(ticket: Ticket, cause: unknown): void {
    const detail =
      cause instanceof MisshapenOutput ? cause.message : `The model failed on the ${ticket.job.rows} row(s) of this request.`;
    this.#dismiss(ticket, new NestorError('MODEL_FAILED', detail, { cause }));
  }

  /** Refuses a ticket that has run: what is left of a long one leaves the queue. */
  #dismiss(ticket: Ticket, error: NestorError): void {
    this.#reject(ticket, error);
    if (ticket.taken < ticket.rows) this.#queue.sweep((other) => other !== ticket);
  }

  #reject(ticket: Ticket, error: NestorError): false {
    if (this.#release(ticket)) ticket.reject(error);
    return false;
  }

  #resolve(ticket: Ticket, outputs: Tensors): void {
    if (!this.#release(ticket)) return;
    ticket.resolve({ outputs, waitedMs: ticket.startedAt - ticket.queuedAt, ranMs: ticket.ranMs });
  }

  #release(ticket: Ticket): boolean {
    if (ticket.settled) return false;
    ticket.settled = true;
    this.#admission.release(ticket.bytes);
    this.#jobsInFlight -= 1;
    return true;
  }

  #isIdle(): boolean {
    return this.#queue.jobs === 0 && this.#runs.size === 0;
  }

  #settle(): void {
    if (!this.#isIdle() || this.#whenIdle.length === 0) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}

const lateError = () => new NestorError('DEADLINE_EXCEEDED', 'The deadline passed before the answer was ready.');
const closedError = () => new NestorError('MODEL_NOT_READY', 'The model is being unloaded.', { retryAfterSeconds: 1 });
