import { setImmediate as turn } from 'node:timers/promises';
import { NestorError } from '#errors';
import { Admission, type UnderWay } from './admission.ts';
import { Alarm } from './deadline.ts';
import { InFlight, lateError } from './in-flight.ts';
import type { Instance } from './instance.ts';
import type { Job, JobResult } from './job.ts';
import { bytesOf, Kind, Kinds } from './kind.ts';
import { Pace } from './pace.ts';
import { Queue } from './queue.ts';
import { Runner } from './runner.ts';
import type { SchedulerOptions } from './scheduler-options.ts';
import { type Part, sizeOf, Ticket } from './ticket.ts';
import { Watch } from './watch.ts';

/** How often to look for jobs whose callers have left, if nothing else does. */
const SWEEP_MS = 100;
/** The longest time for which runs may follow each other in one turn of the event loop. */
const LONGEST_TURN_MS = 20;
/** How many jobs to look at per millisecond, at most, in a search of a full queue for callers who have left. */
const SWEPT_PER_MS = 1000;

/**
 * Takes jobs, forms batches of what arrives in one turn of the event loop or while runs are under way, and hands each job
 * its own rows. Bounded, first come first served, with deadlines; a run that throws fails only the jobs that caused it.
 */
export class Scheduler {
  #instance: Instance;
  readonly #options: SchedulerOptions;
  #maxBatchSize: number;
  readonly #queue: Queue;
  readonly #admission: Admission;
  readonly #runner: Runner;
  readonly #watch: Watch | undefined;
  #checking: Promise<void> | undefined = undefined;
  readonly #inFlight = new InFlight();
  readonly #kinds: Kinds;
  readonly #alarm = new Alarm(() => this.#sweep());
  /** Runs a batch that waits for more jobs, if nothing else does. */
  readonly #batchWait = new Alarm(() => this.#flush(), true);
  readonly #runs = new Map<readonly Part[], UnderWay & { readonly ended: Promise<void> }>();
  #whenIdle: (() => void)[] = [];
  #flushing = false;
  #closed = false;
  #sweptAt = -Infinity;
  /** The clock as last read: one reading serves all the tickets that one turn looks at. */
  #now = 0;
  /** Until when runs may follow each other in this turn of the event loop. */
  #turnEnds = 0;
  #lastRunEnded = 0;

  constructor(instance: Instance, options: SchedulerOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#maxBatchSize = options.maxBatchSize;
    this.#kinds = new Kinds(options.paddings);
    this.#queue = new Queue(this.#maxBatchSize);
    const pace = new Pace(options.cost);
    this.#admission = new Admission(pace, this.#maxBatchSize, options, instance.concurrency);
    const { onMixing } = options;
    this.#watch = onMixing && new Watch((reason) => this.#separate(onMixing, reason));
    this.#runner = new Runner({
      instance: () => this.#instance,
      inFlight: this.#inFlight,
      pace,
      queue: this.#queue,
      observer: options.observer,
      explain: options.explain,
      longRuns: options.longRuns,
      watch: this.#watch,
    });
  }

  /** Rows that wait for their run; a job that runs whole counts as one. */
  get queuedRows(): number {
    return this.#queue.rows;
  }

  /** Bytes held by jobs without an answer yet. */
  get queuedBytes(): number {
    return this.#inFlight.bytes;
  }

  /** Jobs without an answer yet. */
  get jobsInFlight(): number {
    return this.#inFlight.jobs;
  }

  /** Runs of several jobs that ran again in parts, because their outputs could not be split. */
  get misshapenBatches(): number {
    return this.#runner.misshapenBatches;
  }

  /**
   * Answers a job with its own rows of the outputs.
   *
   * @throws NestorError QUEUE_FULL at once, with `retryAfterSeconds`; DEADLINE_EXCEEDED; CANCELLED where the caller left
   * before the run; what `explain` makes of what the model threw on these rows, else MODEL_FAILED, with that as its cause; MODEL_NOT_READY once closed;
   * NO_ROWS and INVALID_TENSOR where `rows` and the inputs' first dimensions are not a number of rows; what the guard throws.
   */
  submit(job: Job): Promise<JobResult> {
    return new Promise<JobResult>((resolve, reject) => {
      const whole = job.whole === true;
      if (!whole && job.rows < 1) throw new NestorError('NO_ROWS', 'The request has no rows.');
      this.#options.guard?.(job.inputs);
      const kind = whole ? Kind.WHOLE : this.#kinds.of(job);
      const rows = whole ? 1 : job.rows;
      const rowSize = this.#kinds.rowSize(job);
      const bytes = whole ? bytesOf(job.inputs) : kind.bytes(job);
      const now = performance.now();
      if (job.deadline <= now) throw lateError();
      const isFurther = job.isFurther === true && !this.#closed;
      const refusal = isFurther ? undefined : this.#refusal(rows * rowSize, bytes, now);
      if (refusal !== undefined) throw refusal;
      const ticket = new Ticket(job, kind, { rows, rowSize, bytes }, now, resolve, reject);
      this.#inFlight.enter(ticket);
      this.#queue.push(ticket);
      this.#alarm.by(Math.min(job.deadline, now + SWEEP_MS), now);
      this.#flushSoon();
    });
  }

  /** Moves runs to another instance. Resolves once no run is under way in the old one. */
  async moveTo(instance: Instance): Promise<void> {
    this.#instance = instance;
    this.#admission.concurrency = instance.concurrency;
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
    await this.#checking;
    if (this.#queue.jobs > 0) this.#flushSoon();
  }

  /** Resolves once nothing waits or runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settle();
    });
  }

  /** Rejects new and waiting jobs; runs under way end as usual. */
  close(): void {
    this.#closed = true;
    this.#queue.sweep((ticket) => {
      this.#inFlight.reject(ticket, closedError());
      return false;
    });
    this.#settle();
  }

  /**
   * Why a new job would be rejected, whatever it holds; undefined if it may be admitted. It saves callers the work of
   * decoding such a job.
   */
  refusal(): NestorError | undefined {
    return this.#refusal(1, 0, performance.now());
  }

  #refusal(size: number, bytes: number, now: number): NestorError | undefined {
    if (this.#closed) return closedError();
    const refusal = this.#refusalOf(size, bytes, now);
    // Jobs of callers who have left make room.
    return refusal !== undefined && this.#sweepFullQueue(now) ? this.#refusalOf(size, bytes, now) : refusal;
  }

  #refusalOf(size: number, bytes: number, now: number): NestorError | undefined {
    return this.#admission.refusal(this.#queue.lanes(size), this.#runs.values(), bytes, this.queuedBytes, now);
  }

  /** Whether it searched for callers who have left: during many rejections it does not search a long queue for each. */
  #sweepFullQueue(now: number): boolean {
    if ((now - this.#sweptAt) * SWEPT_PER_MS < this.#queue.jobs) return false;
    this.#sweptAt = now;
    this.#now = now;
    this.#queue.sweep(this.#wanted);
    return true;
  }

  readonly #wanted = (ticket: Ticket): boolean => this.#inFlight.wants(ticket, this.#now);

  #flushSoon(): void {
    if (this.#flushing || this.#freeRuns <= 0) return;
    this.#flushing = true;
    setImmediate(this.#flush);
  }

  /**
   * Starts the runs that are due, after all jobs of this turn of the event loop have arrived. Runs on the event loop may
   * continue for as long as other work has kept the oldest job waiting. Otherwise many callers, whose requests take longer
   * than a run in each turn, would keep the queue from draining.
   */
  readonly #flush = (): void => {
    const now = performance.now();
    const waitingSince = Math.max(this.#queue.oldestQueuedAt, this.#lastRunEnded);
    this.#turnEnds = now + Math.min(LONGEST_TURN_MS, now - waitingSince);
    this.#startDue(now);
  };

  #startDue(now: number): void {
    this.#flushing = false;
    this.#now = now;
    if (this.#watch?.isDue(false, now)) this.#check(this.#watch);
    for (let free = this.#freeRuns; free > 0; free -= 1) {
      const wait = this.#queue.dueIn(this.#now, this.#options.maxBatchWaitMs);
      if (wait > 0) {
        this.#batchWait.by(this.#now + wait, this.#now);
        break;
      }
      // Free instances share the waiting jobs, rather than one taking all.
      const share = Math.ceil(this.#queue.size / free);
      const limit = Math.min(this.#maxBatchSize, share);
      const offered = this.#queue.offered(limit);
      const parts = this.#queue.next(limit, this.#wanted);
      if (parts.length === 0) break;
      void this.#start(parts, offered);
    }
    this.#settle();
  }

  async #start(parts: readonly Part[], offered: number): Promise<void> {
    const began = this.#now;
    const ended = this.#runner.run(parts, offered);
    this.#runs.set(parts, { began, size: sizeOf(parts), ended });
    await ended;
    this.#runs.delete(parts);
    const now = performance.now();
    this.#lastRunEnded = now;
    if (this.#queue.jobs === 0 && this.#runs.size === 0 && this.#watch?.isDue(true, now)) this.#check(this.#watch);
    if (this.#queue.jobs > 0) {
      if (now < this.#turnEnds && !this.#flushing) this.#startDue(now);
      else this.#flushSoon();
    }
    this.#settle();
  }

  get #freeRuns(): number {
    return this.#instance.concurrency - this.#runs.size - (this.#checking === undefined ? 0 : 1);
  }

  /** Runs a row again in the place of a run, after callers who wait for answers have them. */
  #check(watch: Watch): void {
    if (this.#checking !== undefined || this.#closed) return;
    this.#checking = turn()
      .then(() => watch.check(this.#instance))
      .then(() => this.#checked());
  }

  #checked(): void {
    this.#checking = undefined;
    if (this.#queue.jobs > 0) this.#flushSoon();
    this.#settle();
  }

  /** Rows affect each other: from now on each has a run of its own. */
  #separate(onMixing: (reason: string) => void, reason: string): void {
    this.#maxBatchSize = 1;
    this.#admission.maxBatchSize = 1;
    this.#queue.limitTo(1);
    onMixing(reason);
  }

  /** Looks at all jobs, including those in runs: a run that never ends must not keep its callers waiting. */
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
    if (this.#whenIdle.length === 0 || this.#queue.jobs > 0 || this.#runs.size > 0 || this.#checking) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

const closedError = () => new NestorError('MODEL_NOT_READY', 'The model is being unloaded.', { retryAfterSeconds: 1 });
