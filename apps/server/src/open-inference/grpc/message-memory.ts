import type { ServerInterceptor } from '@grpc/grpc-js';
import type { Settings } from '#config';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { Calls, Record } from './calls.ts';
import { MeteredCall } from './metered-call.ts';

export type MessageLimits = Pick<Settings, 'maxBodyBytes' | 'maxQueueMs' | 'requestTimeoutSeconds'>;

/** The memory that messages take, of all calls: it is counted before they are read, and given back once they are answered. */
export class MessageMemory {
  readonly #givers = new WeakMap<Buffer, () => void>();
  readonly #records = new Map<string, Record>();

  constructor(
    readonly budget: MemoryBudget,
    readonly calls: Calls,
    readonly limits: MessageLimits,
  ) {}

  /** Has every call read only what there is memory for. It has to be the first. */
  get interceptor(): ServerInterceptor {
    return (method, call) => new MeteredCall(call, method, this);
  }

  /** Gives back what a message of a stream took; that of a call that is over is given back by itself. */
  giveBack(message: Buffer): void {
    this.#givers.get(message)?.();
  }

  /** Says what gives back the memory of a message. */
  lend(message: Buffer, giveBack: () => void): void {
    this.#givers.set(message, giveBack);
  }

  /** What writes down the calls of a method that are refused before they are read. */
  recordOf(name: string): Record {
    const record = this.#records.get(name) ?? this.calls.recorderOf({ name, probe: false });
    this.#records.set(name, record);
    return record;
  }
}
