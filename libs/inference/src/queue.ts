import { Kind } from './kind.ts';
import type { Part, Ticket } from './ticket.ts';

/** What waits, by size: in the lane that a job joins, and in the other one, which takes turns with it. */
export interface Lanes {
  readonly own: number;
  readonly other: number;
}

/** Whether a ticket is still to be run; one that is not leaves the queue where it is met. */
export type Wanted = (ticket: Ticket) => boolean;

/** Jobs of other kinds that are passed over in the search for more of the same, so that forming a batch stays short. */
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

  /** The first that is wanted. */
  first(wanted: Wanted): Ticket | undefined {
    while (this.head !== undefined && !wanted(this.head)) this.unlink(this.head, undefined);
    return this.head;
  }

  /** Of the jobs that are wanted, the one of the smallest rows; the oldest of these. */
  smallest(first: Ticket, wanted: Wanted): Ticket {
    // Rows of tables are of one size.
    if (this.size === this.rows) return first;
    let smallest = first;
    for (let ticket = first.next; ticket !== undefined; ticket = ticket.next)
      if (ticket.rowSize < smallest.rowSize && wanted(ticket)) smallest = ticket;
    return smallest;
  }

  /**
   * Moves jobs of a kind into `parts` while there is room for their size.
   * @param first is among them, and fits always
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
        // Those before the first are no search for more.
        if (awaited === undefined) passed += 1;
      }
      ticket = next;
    }
  }

  /** Lets all leave that are not wanted. Answers the earliest deadline of the rest. */
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
 * What waits, and what of it forms the next batch. Jobs longer than a batch wait in a lane of their own and take every
 * other run while short ones wait too: neither holds the other up.
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

  /** What waits, as a job of a size meets it. */
  lanes(size: number): Lanes {
    const own = this.#laneOf(size);
    return { own: own.size, other: this.size - own.size };
  }

  /** The most, by size, that the next run could take, if all that wait may share a batch. */
  offered(limit: number): number {
    return Math.min(limit, this.size);
  }

  /** When the oldest of those that wait came; Infinity where none waits. */
  get oldestQueuedAt(): number {
    return Math.min(this.#short.head?.queuedAt ?? Infinity, this.#long.head?.queuedAt ?? Infinity);
  }

  push(ticket: Ticket): void {
    this.#laneOf(ticket.size).push(ticket);
  }

  /**
   * The parts of the next run, at most of the size `limit` unless the first of them is larger; none where nothing is wanted.
   * All are of one kind. Where rows are of different sizes, every other run is for the smallest: a short text does not wait
   * until all the long ones before it are answered.
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

  /** From now on runs are of this size at most: those that wait find their lanes anew. */
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

  /** Lets the rest of a long job go. Not to be called where tickets are being looked at. */
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
