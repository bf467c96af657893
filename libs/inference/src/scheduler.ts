import { NestorError } from '#errors';
import { Admission } from './admission.ts';
import { Alarm } from './deadline.ts';
import { InFlight, lateError } from './in-flight.ts';
import type { Instance } from './instance.ts';
import type { Job, JobResult } from './job.ts';
import { bytesOf, Kind, Kinds } from './kind.ts';
import { UNNOTICED_MS } from './limits.ts';
import { Overload } from './overload.ts';
import { Queue } from './queue.ts';
import { Runner } from './runner.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { type Part, Ticket } from './ticket.ts';

/** How often jobs whose caller has left are looked for when nothing else meets them. */
const SWEEP_MS = 100;
/** Jobs looked at per millisecond at most when a full queue is searched for callers who have left. */
const SWEPT_PER_MS = 1000;

/**
 * Takes jobs, forms batches of what arrives in one turn of the event loop or while runs are under way, and hands each job
 * its own rows. Bounded, first come first served, with deadlines; a run that throws fails only the jobs that caused it.
 */
export class Scheduler {
  readonly #instance: Instance;
  readonly #options: SchedulerOptions;
  readonly #maxBatchRows: number;
  readonly #queue: Queue;
  readonly #admission: Admission;
  readonly #runner: Runner;
  readonly #inFlight = new InFlight();
  readonly #kinds = new Kinds();
  readonly #alarm = new Alarm(() => this.#sweep());
  /** Nothing else would run what waits for more. */
  readonly #batchWait = new Alarm(() => this.#flush(), true);
  /** The runs under way, and when each began. */
  readonly #runs = new Map<readonly Part[], number>();
  readonly #overload = new Overload();
  readonly #longOverload = new Overload();
  #whenIdle: (() => void)[] = [];
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
    this.#runner = new Runner({
      instance,
      inFlight: this.#inFlight,
      admission: this.#admission,
      queue: this.#queue,
      observer: options.observer,
      byRows: options.mode !== 'request-by-request',
    });
  }

  /** Rows that wait for their run (requests, where they run alone). */
  get queuedRows(): number {
    return this.#queue.rows;
  }

  /** Bytes held by jobs that are not answered yet. */
  get queuedBytes(): number {
    return this.#inFlight.bytes;
  }

  /** Jobs that are not answered yet. */
  get jobsInFlight(): number {
    return this.#inFlight.jobs;
  }

  /** Runs of several jobs whose outputs could not be told apart, and which were run again in parts. */
  get misshapenBatches(): number {
    return this.#runner.misshapenBatches;
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
      const ticket = new Ticket(job, kind, rows, bytes, now, resolve, reject);
      this.#inFlight.enter(ticket);
      this.#queue.push(ticket);
      this.#alarm.by(Math.min(job.deadline, now + SWEEP_MS), now);
      this.#flushSoon();
    });
  }

  /** Resolves once nothing waits or runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settle();
    });
  }

  /** Takes no more jobs and refuses those that wait; runs under way end as usual. */
  close(): void {
    this.#closed = true;
    this.#queue.sweep((ticket) => {
      this.#inFlight.reject(ticket, closedError());
      return false;
    });
    this.#settle();
  }

  #admit(job: Job, rows: number, bytes: number, now: number): void {
    if (this.#closed) throw closedError();
    if (job.deadline <= now) throw lateError();
    if (this.#comesTooLate(rows, now)) throw this.#fullError('More requests come than the model can answer');
    if (this.#hasRoom(rows, bytes) || (this.#sweepFullQueue(now) && this.#hasRoom(rows, bytes))) return;
    this.#overloadOf(rows).begin(this.#queue.rowsBefore(rows), now);
    throw this.#fullError('The queue is full');
  }

  #fullError(what: string): NestorError {
    const { queuedRows, queuedBytes } = this;
    return new NestorError(
      'QUEUE_FULL',
      `${what}: ${queuedRows} row(s) are waiting and ${queuedBytes} bytes are held by requests under way.`,
      { retryAfterSeconds: this.#admission.retryAfterSeconds(queuedRows, this.#instance.concurrency) },
    );
  }

  #hasRoom(rows: number, bytes: number): boolean {
    return this.#admission.admits(
      rows,
      bytes,
      { waitingRows: this.#queue.rowsBefore(rows), maxRows: this.#mostRows(rows) },
      this.queuedBytes,
    );
  }

  /** The most rows that may wait where a job of so many rows does. */
  #mostRows(rows: number): number {
    const { maxQueuedRows, maxQueuedLongRows = maxQueuedRows } = this.#options;
    return rows > this.#maxBatchRows ? maxQueuedLongRows : maxQueuedRows;
  }

  #overloadOf(rows: number): Overload {
    return rows > this.#maxBatchRows ? this.#longOverload : this.#overload;
  }

  /**
   * Whether there is an overload, in which a job of so many rows would wait more than half of what it takes alone. Runs take
   * longer in an overload than in a calm, so that half leaves it within twice that time.
   */
  #comesTooLate(rows: number, now: number): boolean {
    const { aloneMs } = this.#options;
    if (aloneMs === undefined) return false;
    const speed = this.#admission.rowsPerMs(this.#instance.concurrency);
    if (!this.#overloadOf(rows).lasts(rows, now, speed, this.#mostRows(rows))) return false;
    // What is longer than a batch takes as long as its rows do.
    const ownMs = rows > this.#maxBatchRows ? rows / speed : aloneMs;
    return this.#startsIn(rows, now) > Math.max(UNNOTICED_MS, ownMs / 2);
  }

  /** Milliseconds until a job of so many rows that comes now would run. */
  #startsIn(rows: number, now: number): number {
    const { concurrency } = this.#instance;
    const { runMs } = this.#admission;
    const free = Array.from(this.#runs.values(), (began) => Math.max(0, began + runMs - now));
    while (free.length < concurrency) free.push(0);
    free.sort((one, other) => one - other);
    const batches = this.#queue.rowsBefore(rows) / this.#maxBatchRows;
    // A short job has its place in the last batch while that is not full.
    const before = rows > this.#maxBatchRows ? Math.ceil(batches) : Math.floor(batches);
    return free[before % concurrency]! + Math.floor(before / concurrency) * runMs;
  }

  /** Whether callers who have left were looked for: under a flood of refusals a long queue is not searched for each. */
  #sweepFullQueue(now: number): boolean {
    if ((now - this.#sweptAt) * SWEPT_PER_MS < this.#queue.jobs) return false;
    this.#sweptAt = now;
    this.#now = now;
    this.#queue.sweep(this.#wanted);
    return true;
  }

  readonly #wanted = (ticket: Ticket): boolean => this.#inFlight.wants(ticket, this.#now);

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
    this.#runs.set(parts, this.#now);
    await this.#runner.run(parts);
    this.#runs.delete(parts);
    if (this.#queue.jobs > 0) this.#flushSoon();
    this.#settle();
  }

  /** Looks at all jobs, those in runs too: a run that never ends must not keep its callers. */
  #sweep(): void {
    this.#now = performance.now();
    let earliest = this.#queue.sweep(this.#wanted);
    for (const { ticket } of [...this.#runs.keys()].flat()) {
      if (ticket.settled) continue;
      if (ticket.job.deadline <= this.#now) {
        this.#inFlight.reject(ticket, lateError());
        this.#queue.forget(ticket);
      } else earliest = Math.min(earliest, ticket.job.deadline);
    }
    if (this.jobsInFlight > 0) this.#alarm.by(Math.min(earliest, this.#now + SWEEP_MS), this.#now);
    this.#settle();
  }

  #settle(): void {
    if (this.#queue.jobs === 0) this.#batchWait.clear();
    if (this.#whenIdle.length === 0 || this.#queue.jobs > 0 || this.#runs.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

const closedError = () => new NestorError('MODEL_NOT_READY', 'The model is being unloaded.', { retryAfterSeconds: 1 });
