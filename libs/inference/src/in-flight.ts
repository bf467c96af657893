import { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import type { Ticket } from './ticket.ts';

export const lateError = (): NestorError =>
  new NestorError('DEADLINE_EXCEEDED', 'The deadline passed before the answer was ready.');

/** The jobs that were admitted and have no answer yet: counts the memory they hold, and answers each exactly once. */
export class InFlight {
  #jobs = 0;
  #bytes = 0;

  get jobs(): number {
    return this.#jobs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  enter(ticket: Ticket): void {
    this.#jobs += 1;
    this.#bytes += ticket.bytes;
  }

  /** Whether to run a ticket; answers it with an error if its deadline has passed or its caller has left. */
  wants(ticket: Ticket, now: number): boolean {
    if (ticket.settled) return false;
    if (ticket.job.deadline <= now) this.reject(ticket, lateError());
    else if (ticket.job.gone?.()) {
      this.reject(ticket, new NestorError('CANCELLED', 'The client left before the model ran.'));
    }
    return !ticket.settled;
  }

  resolve(ticket: Ticket, outputs: Tensors): void {
    if (!this.#release(ticket)) return;
    ticket.resolve({ outputs, waitedMs: ticket.startedAt - ticket.queuedAt, ranMs: ticket.ranMs });
  }

  reject(ticket: Ticket, error: NestorError): void {
    if (this.#release(ticket)) ticket.reject(error);
  }

  #release(ticket: Ticket): boolean {
    if (ticket.settled) return false;
    ticket.settled = true;
    this.#bytes -= ticket.bytes;
    this.#jobs -= 1;
    return true;
  }
}
