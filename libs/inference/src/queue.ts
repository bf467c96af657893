import { Kind } from './kind.ts';
import type { Part, Ticket } from './ticket.ts';

/** Rows that wait: in the lane that a job joins, and in the other one, which takes turns with it. */
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
  jobs = 0;

  push(ticket: Ticket): void {
    if (this.#tail === undefined) this.head = ticket;
    else this.#tail.next = ticket;
    this.#tail = ticket;
    this.rows += ticket.rows;
    this.jobs += 1;
  }

  unlink(ticket: Ticket, before: Ticket | undefined): void {
    if (before === undefined) this.head = ticket.next;
    else before.next = ticket.next;
    if (this.#tail === ticket) this.#tail = before;
    ticket.next = undefined;
    this.rows -= ticket.rows - ticket.taken;
    this.jobs -= 1;
  }

  /** The first that is wanted. */
  first(wanted: Wanted): Ticket | undefined {
    while (this.head !== undefined && !wanted(this.head)) this.unlink(this.head, undefined);
    return this.head;
  }

  /** Moves jobs of a kind into `parts` while they fit into `room` rows; the oldest goes first and fits always. */
  take(parts: Part[], kind: Kind, room: number, wanted: Wanted): void {
    let before: Ticket | undefined;
    let passed = 0;
    for (let ticket = this.head; ticket !== undefined && room > 0 && passed < LOOKAHEAD;) {
      const { next } = ticket;
      if (!wanted(ticket)) this.unlink(ticket, before);
      else if (parts.length === 0 || (ticket.kind === kind && kind !== Kind.WHOLE && ticket.rows <= room)) {
        this.unlink(ticket, before);
        ticket.taken = ticket.rows;
        parts.push(ticket);
        room -= ticket.rows;
      } else {
        before = ticket;
        passed += 1;
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
  #maxBatchRows: number;
  #longHasTurn = false;

  constructor(maxBatchRows: number) {
    this.#maxBatchRows = maxBatchRows;
  }

  get rows(): number {
    return this.#short.rows + this.#long.rows;
  }

  get jobs(): number {
    return this.#short.jobs + this.#long.jobs;
  }

  /** The rows that wait, as a job of so many rows meets them. */
  lanes(rows: number): Lanes {
    const own = this.#laneOf(rows);
    return { own: own.rows, other: this.rows - own.rows };
  }

  /** The most rows that the next run could take, if all that wait may share a batch. */
  offered(limit: number): number {
    return Math.min(limit, this.rows);
  }

  /** When the oldest of those that wait came; Infinity where none waits. */
  get oldestQueuedAt(): number {
    return Math.min(this.#short.head?.queuedAt ?? Infinity, this.#long.head?.queuedAt ?? Infinity);
  }

  push(ticket: Ticket): void {
    this.#laneOf(ticket.rows).push(ticket);
  }

  /**
   * The parts of the next run, at most `limit` rows unless the oldest short job has more; none where nothing is wanted.
   * All are of one kind.
   */
  next(limit: number, wanted: Wanted): Part[] {
    const parts: Part[] = [];
    const short = this.#short.first(wanted);
    const long = this.#long.first(wanted);
    if (long !== undefined && (this.#longHasTurn || short === undefined)) {
      const part = this.#cut(long, limit);
      parts.push(part);
      this.#short.take(parts, long.kind, limit - part.rows, wanted);
      this.#longHasTurn = false;
    } else if (short !== undefined) {
      this.#short.take(parts, short.kind, limit, wanted);
      this.#longHasTurn = true;
    }
    return parts;
  }

  /** Milliseconds until the next batch is due: 0 once it can be full, has a long job, or its oldest has waited enough. */
  dueIn(now: number, maxWaitMs: number): number {
    const oldest = this.#short.head;
    if (oldest === undefined || this.#long.head !== undefined || this.#short.rows >= this.#maxBatchRows) return 0;
    return Math.max(0, oldest.queuedAt + maxWaitMs - now);
  }

  /** From now on runs have at most so many rows: those that wait find their lanes anew. */
  limitTo(maxBatchRows: number): void {
    this.#maxBatchRows = maxBatchRows;
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

  #laneOf(rows: number): Lane {
    return rows > this.#maxBatchRows ? this.#long : this.#short;
  }

  #cut(ticket: Ticket, limit: number): Part {
    const part = { ticket, from: ticket.taken, rows: Math.min(limit, ticket.rows - ticket.taken) };
    ticket.taken += part.rows;
    this.#long.rows -= part.rows;
    if (ticket.taken === ticket.rows) this.#long.unlink(ticket, undefined);
    return part;
  }
}
