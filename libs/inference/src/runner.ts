import { setImmediate as turn } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import { Assembly, MisshapenOutput } from './assembly.ts';
import { assemble, lackingRows, Slicer } from './batch.ts';
import type { InFlight } from './in-flight.ts';
import type { Instance } from './instance.ts';
import type { Pace } from './pace.ts';
import type { Queue } from './queue.ts';
import type { SchedulerObserver, SchedulerOptions } from './scheduler-options.ts';
import type { Watch } from './watch.ts';
import { type Part, rowsOf, sizeOf, type Ticket } from './ticket.ts';

/** The parts of the scheduler that a run uses. */
export interface RunnerRooms {
  /** The instance that runs use now. */
  readonly instance: () => Instance;
  readonly inFlight: InFlight;
  readonly pace: Pace;
  readonly queue: Queue;
  readonly observer: SchedulerObserver | undefined;
  readonly explain: SchedulerOptions['explain'];
  readonly longRuns: SchedulerOptions['longRuns'];
  readonly watch: Watch | undefined;
}

/** Runs one batch and answers its jobs; if it throws, runs halves of it again until the jobs that caused that are alone. */
export class Runner {
  /** Runs of several jobs whose outputs could not be split. */
  misshapenBatches = 0;
  #toldOfLongRuns = false;
  readonly #rooms: RunnerRooms;

  constructor(rooms: RunnerRooms) {
    this.#rooms = rooms;
  }

  /**
   * Resolves once every part has its answer or error. Never rejects.
   *
   * @param offered what waited when the parts were chosen, by size, as far as one run takes it
   */
  async run(parts: readonly Part[], offered = sizeOf(parts)): Promise<void> {
    const { instance, pace, observer, watch } = this.#rooms;
    const rows = rowsOf(parts);
    const size = sizeOf(parts);
    const began = performance.now();
    for (const part of parts) this.#begin(part.ticket, began);
    const { job } = parts[0]!.ticket;
    let inputs: Tensors;
    let outputs: Tensors;
    let misshapen: string | undefined;
    try {
      inputs = assemble(parts, rows);
      outputs = await instance().run(inputs, job.outputs);
      misshapen = job.whole === true ? undefined : lackingRows(outputs, rows);
      if (misshapen !== undefined && !isAsSent(parts)) throw new MisshapenOutput(misshapen);
    } catch (cause) {
      await this.#isolate(parts, cause);
      return;
    }
    const ms = performance.now() - began;
    pace.ran(size, Math.max(size, offered), ms);
    this.#tellOfLongRuns(size);
    observer?.batchRun(rows, ms / 1000);
    // Before the answers, since callers release the inputs once they are answered: those whose deadline passed already did.
    const isReleased = parts.some(({ ticket }) => ticket.settled);
    if (misshapen !== undefined) watch?.sawNoRows(misshapen);
    else if (job.whole !== true && !isReleased) watch?.saw(inputs, outputs, rows, ms, pace.ms(size / rows), began + ms);
    this.#deliver(parts, outputs, ms);
  }

  #tellOfLongRuns(size: number): void {
    const { longRuns, pace } = this.#rooms;
    if (longRuns === undefined || this.#toldOfLongRuns || pace.ms(size) <= longRuns.ms) return;
    this.#toldOfLongRuns = true;
    longRuns.told();
  }

  #begin(ticket: Ticket, now: number): void {
    if (ticket.startedAt !== 0) return;
    ticket.startedAt = now;
    this.#rooms.observer?.jobWaited((now - ticket.queuedAt) / 1000);
  }

  #deliver(parts: readonly Part[], outputs: Tensors, ms: number): void {
    if (parts.length === 1) {
      this.#answer(parts[0]!, outputs, ms);
      return;
    }
    const slicer = new Slicer(outputs);
    for (const part of parts) this.#answer(part, slicer.next(part.rows), ms);
  }

  #answer({ ticket, from, rows }: Part, outputs: Tensors, ms: number): void {
    if (ticket.settled) return;
    ticket.ranMs += ms;
    ticket.answered += rows;
    if (rows === ticket.rows) {
      this.#rooms.inFlight.resolve(ticket, outputs);
      return;
    }
    try {
      ticket.assembly ??= new Assembly(outputs, ticket.rows);
      ticket.assembly.add(outputs, from);
      if (ticket.answered === ticket.rows) this.#rooms.inFlight.resolve(ticket, ticket.assembly.outputs);
    } catch (cause) {
      this.#fail(ticket, cause);
    }
  }

  async #isolate(parts: readonly Part[], cause: unknown): Promise<void> {
    if (parts.length === 1) {
      if (cause instanceof MisshapenOutput && parts[0]!.rows > 1) this.#rooms.watch?.sawNoRows(cause.message);
      this.#fail(parts[0]!.ticket, cause);
      return;
    }
    if (cause instanceof MisshapenOutput) this.misshapenBatches += 1;
    const middle = parts.length >> 1;
    for (const half of [parts.slice(0, middle), parts.slice(middle)]) {
      await turn();
      const now = performance.now();
      const wanted = half.filter(({ ticket }) => this.#rooms.inFlight.wants(ticket, now));
      if (wanted.length > 0) await this.run(wanted);
    }
  }

  #fail(ticket: Ticket, cause: unknown): void {
    const detail =
      cause instanceof MisshapenOutput
        ? cause.message
        : `The model failed on the ${ticket.job.rows} row(s) of this request.`;
    const error = this.#rooms.explain?.(cause, ticket.job.inputs) ?? new NestorError('MODEL_FAILED', detail, { cause });
    this.#rooms.inFlight.reject(ticket, error);
    this.#rooms.queue.forget(ticket);
  }
}

/** A single request, whose tensors run as the caller sent them. */
function isAsSent(parts: readonly Part[]): boolean {
  const [{ ticket, rows }] = parts as readonly [Part];
  return parts.length === 1 && ticket.job.asSent === true && rows === ticket.rows;
}
