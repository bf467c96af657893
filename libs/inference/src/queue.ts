import { Kind } from './kind.ts';
import type { Part, Ticket } from './ticket.ts';

/** The size of what waits: in the lane that a job joins, and in the other lane, which takes turns with it. */
export interface Lanes {
  readonly own: number;
  readonly other: number;
}

/** Whether to run a ticket; otherwise it leaves the queue. */
export type Wanted = (ticket: Ticket) => boolean;

/** How many jobs of other kinds to skip in the search for more of one kind, so that forming a batch stays short. */
const LOOKAHEAD = 256;

/** Tickets in order of arrival, linked through themselves: joining and leaving allocate nothing. */
class Lane {
  head: Ticket | undefined = undefined;
  #tail: Ticket | undefined = undefined;
  rows = 0;
  size = 0;
  jobs = 0;

  push(ticket: Ticket): void {
    if (this.#tail === undefined) this.head = ticket;
    else this.#tail.next = ticket;
    this.#tail = ticket;
    this.rows += ticket.rows;
    this.size += ticket.size;
    this.jobs += 1;
  }

  unlink(ticket: Ticket, before: Ticket | undefined): void {
    if (before === undefined) this.head = ticket.next;
    else before.next = ticket.next;
    if (this.#tail === ticket) this.#tail = before;
    ticket.next = undefined;
    this.#leave(ticket, ticket.rows - ticket.taken);
    this.jobs -= 1;
  }

  /** Rows of a job leave for a run. */
  cut(ticket: Ticket, rows: number): void {
    ticket.taken += rows;
    this.#leave(ticket, rows);
    if (ticket.taken === ticket.rows) this.unlink(ticket, undefined);
  }

  #leave(ticket: Ticket, rows: number): void {
    this.rows -= rows;
    this.size -= rows * ticket.rowSize;
  }

  /** The first ticket to run. */
  first(wanted: Wanted): Ticket | undefined {
    while (this.head !== undefined && !wanted(this.head)) this.unlink(this.head, undefined);
    return this.head;
  }

  /** The job to run with the smallest rows; the oldest of several. */
  smallest(first: Ticket, wanted: Wanted): Ticket {
    // Rows of tables have one size.
    if (this.size === this.rows) return first;
    let smallest = first;
    for (let ticket = first.next; ticket !== undefined; ticket = ticket.next)
      if (ticket.rowSize < smallest.rowSize && wanted(ticket)) smallest = ticket;
    return smallest;
  }

  /**
   * Moves jobs of a kind into `parts` while there is room for their size.
   * @param first is among them, and always fits
   */
  take(parts: Part[], kind: Kind, room: number, wanted: Wanted, first?: Ticket): void {
    let before: Ticket | undefined;
    let passed = 0;
    let awaited = first;
    for (let ticket = this.head; ticket !== undefined && room > 0 && passed < LOOKAHEAD;) {
      const { next } = ticket;
      const fits = ticket.kind === kind && kind !== Kind.WHOLE && ticket.size <= room - (awaited?.size ?? 0);
      if (!wanted(ticket)) this.unlink(ticket, before);
      else if (ticket === first || fits) {
        this.unlink(ticket, before);
        ticket.taken = ticket.rows;
        parts.push(ticket);
        room -= ticket.size;
        if (ticket === first) awaited = undefined;
      } else {
        before = ticket;
        // Jobs before the first do not count as skipped.
        if (awaited === undefined) passed += 1;
      }
      ticket = next;
    }
  }

  /** Removes all tickets that need no run. Returns the earliest deadline of the rest. */
  sweep(wanted: Wanted): number {
    let before: Ticket | undefined;
    let earliest = Infinity;
    for (let ticket = this.head; ticket !== undefined;) {
      const { next } = ticket;
      if (wanted(ticket)) {
        before = ticket;
        earliest = Math.min(earliest, ticket.job.deadline);
      } else this.unlink(ticket, before);
      ticket = next;
    }
    return earliest;
  }
}

/**
 * The waiting jobs, and which of them form the next batch. Jobs longer than a batch wait in a lane of their own. While both
 * lanes have jobs, they take turns: neither blocks the other.
 */
export class Queue {
  #short = new Lane();
  readonly #long = new Lane();
  #maxBatchSize: number;
  #longHasTurn = false;
  #smallestHasTurn = false;

  constructor(maxBatchSize: number) {
    this.#maxBatchSize = maxBatchSize;
  }

  get rows(): number {
    return this.#short.rows + this.#long.rows;
  }

  get size(): number {
    return this.#short.size + this.#long.size;
  }

  get jobs(): number {
    return this.#short.jobs + this.#long.jobs;
  }

  /** The waiting size, as a job of this size sees it. */
  lanes(size: number): Lanes {
    const own = this.#laneOf(size);
    return { own: own.size, other: this.size - own.size };
  }

  /** The largest size that the next run could take, if all waiting jobs may share a batch. */
  offered(limit: number): number {
    return Math.min(limit, this.size);
  }

  /** When the oldest waiting job arrived; Infinity if none waits. */
  get oldestQueuedAt(): number {
    return Math.min(this.#short.head?.queuedAt ?? Infinity, this.#long.head?.queuedAt ?? Infinity);
  }

  push(ticket: Ticket): void {
    this.#laneOf(ticket.size).push(ticket);
  }

  /**
   * The parts of the next run, of one kind and at most of the size `limit`, unless the first is larger; none if nothing needs
   * a run. If rows have different sizes, every other run is for the smallest: a short text does not wait for all the long
   * ones before it.
   */
  next(limit: number, wanted: Wanted): Part[] {
    const parts: Part[] = [];
    const short = this.#short.first(wanted);
    const long = this.#long.first(wanted);
    if (long !== undefined && (this.#longHasTurn || short === undefined)) {
      const part = this.#cut(long, limit);
      parts.push(part);
      this.#short.take(parts, long.kind, limit - part.rows * long.rowSize, wanted);
      this.#longHasTurn = false;
    } else if (short !== undefined) {
      const first = this.#smallestHasTurn ? this.#short.smallest(short, wanted) : short;
      this.#smallestHasTurn = !this.#smallestHasTurn;
      this.#short.take(parts, first.kind, limit, wanted, first);
      this.#longHasTurn = true;
    }
    return parts;
  }

  /** Milliseconds until the next batch is due: 0 once it can be full, has a long job, or its oldest has waited enough. */
  dueIn(now: number, maxWaitMs: number): number {
    const oldest = this.#short.head;
    if (oldest === undefined || this.#long.head !== undefined || this.#short.size >= this.#maxBatchSize) return 0;
    return Math.max(0, oldest.queuedAt + maxWaitMs - now);
  }

  /** Limits runs to this size from now on, and sorts the waiting jobs into their lanes again. */
  limitTo(maxBatchSize: number): void {
    this.#maxBatchSize = maxBatchSize;
    let ticket = this.#short.head;
    this.#short = new Lane();
    while (ticket !== undefined) {
      const { next } = ticket;
      ticket.next = undefined;
      this.push(ticket);
      ticket = next;
    }
  }

  sweep(wanted: Wanted): number {
    return Math.min(this.#short.sweep(wanted), this.#long.sweep(wanted));
  }

  /** Removes the rest of a long job. Must not be called while iterating over tickets. */
  forget(ticket: Ticket): void {
    if (ticket.taken < ticket.rows) this.#long.sweep((other) => other !== ticket);
  }

  #laneOf(size: number): Lane {
    return size > this.#maxBatchSize ? this.#long : this.#short;
  }

  #cut(ticket: Ticket, limit: number): Part {
    const fitting = Math.max(1, Math.floor(limit / ticket.rowSize));
    const part = { ticket, from: ticket.taken, rows: Math.min(fitting, ticket.rows - ticket.taken) };
    this.#long.cut(ticket, part.rows);
    return part;
  }
}
