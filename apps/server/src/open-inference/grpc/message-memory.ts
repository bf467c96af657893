import type { ServerInterceptor } from '@grpc/grpc-js';
import type { Settings } from '#config';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { Calls, Record } from './calls.ts';
import { MeteredCall } from './metered-call.ts';

export type MessageLimits = Pick<Settings, 'maxBodyBytes' | 'maxQueueMs' | 'requestTimeoutSeconds'>;

/** Counts the memory of all calls' messages: from before a message is read until it is answered. */
export class MessageMemory {
  readonly #givers = new WeakMap<Buffer, () => void>();
  readonly #records = new Map<string, Record>();

  constructor(
    readonly budget: MemoryBudget,
    readonly calls: Calls,
    readonly limits: MessageLimits,
  ) {}

  /** Makes every call wait for memory before it reads a message. It must be the first interceptor. */
  get interceptor(): ServerInterceptor {
    return (method, call) => new MeteredCall(call, method, this);
  }

  /** Releases the memory of a stream's message. The end of a call releases all of its memory. */
  giveBack(message: Buffer): void {
    this.#givers.get(message)?.();
  }

  /** Registers the function that releases a message's memory. */
  lend(message: Buffer, giveBack: () => void): void {
    this.#givers.set(message, giveBack);
  }

  /** Records a method's calls that are rejected before they are read. */
  recordOf(name: string): Record {
    const record = this.#records.get(name) ?? this.calls.recorderOf({ name, probe: false });
    this.#records.set(name, record);
    return record;
  }
}
