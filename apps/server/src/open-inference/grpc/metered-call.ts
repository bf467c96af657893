import type { ServerHttp2Stream } from 'node:http2';
import { Metadata, ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { DEFAULT_QUEUE_MS } from '#engine';
import { NestorError } from '#errors';
import type { Holder } from '../../memory/memory-budget.ts';
import type { MessageMemory } from './message-memory.ts';
import { type MessageEvents, MessagePrefixes } from './message-prefix.ts';
import { statusOf } from './status.ts';

/** A message is held twice: in pieces as it arrives, and joined. */
const COST_OF_MESSAGE = 2;

/** The stream that grpc-js's calls read from, which is not in its public types. */
type ReadsFrom = ServerInterceptingCallInterface & { readonly stream: ServerHttp2Stream };

interface Method {
  readonly path: string;
  readonly requestStream: boolean;
}

/**
 * A call that reads a message only after reserving memory for it. The length precedes the message. While the budget is
 * full, the stream is paused, and HTTP/2's flow control keeps the rest with the client.
 */
export class MeteredCall extends ServerInterceptingCall implements MessageEvents {
  readonly #method: Method;
  readonly #memory: MessageMemory;
  readonly #stream: ServerHttp2Stream;
  readonly #prefixes = new MessagePrefixes(this);
  /** The holders of messages not yet handed on, in their order. */
  readonly #arriving: Holder[] = [];
  readonly #holders = new Set<Holder>();
  /** The holders that wait for memory, with the function that ends the wait. */
  readonly #waits = new Map<Holder, () => void>();
  #metadata = new Metadata();
  /** Hands on a message that arrived completely while it waited for memory. */
  #handOn: (() => void) | undefined;
  #isUnfinished = false;
  #isRefused = false;
  #arrival: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(call: ServerInterceptingCallInterface, method: Method, memory: MessageMemory) {
    super(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, next) => {
            this.#metadata = metadata;
            next(metadata);
          },
          onReceiveMessage: (message: unknown, next) => this.#receive(message, next),
        }),
    });
    this.#method = method;
    this.#memory = memory;
    this.#stream = (call as ReadsFrom).stream;
    // This listener must run before grpc-js's own, which would go on reading a message that has to wait.
    this.#stream.prependListener('data', (piece: Buffer) => this.#read(piece));
    this.#stream.once('close', () => this.#close());
  }

  override startRead(): void {
    super.startRead();
    if (this.#waits.size > 0) this.#stream.pause();
  }

  /** Counts a response until the caller has received it. */
  override sendMessage(message: unknown, callback: () => void): void {
    if (!Buffer.isBuffer(message)) {
      super.sendMessage(message, callback);
      return;
    }
    // A stream releases the message that it answers itself.
    if (!this.#method.requestStream) this.#giveBackAll();
    const holder: Holder = { heldBytes: 0 };
    this.#holders.add(holder);
    this.#memory.budget.add(holder, message.length);
    super.sendMessage(message, () => {
      this.#giveBack(holder);
      callback();
    });
  }

  begins(bytes: number, isCompressed: boolean): void {
    this.#isUnfinished = true;
    const { maxBodyBytes } = this.#memory.limits;
    if (bytes > maxBodyBytes) {
      this.#refuse(new NestorError('BODY_TOO_LARGE', `The message has more than ${maxBodyBytes} bytes.`));
      return;
    }
    const holder: Holder = { heldBytes: 0 };
    this.#arriving.push(holder);
    this.#holders.add(holder);
    // The size of a compressed message is not known before it is decompressed.
    const counted = (isCompressed ? maxBodyBytes : bytes) * COST_OF_MESSAGE;
    const endWait = this.#memory.budget.holdInTurn(holder, counted, () => this.#admit(holder));
    if (endWait === undefined) return;
    this.#waits.set(holder, endWait);
    this.#stream.pause();
    this.#patience ??= this.#waitFor(counted);
  }

  ends(): void {
    this.#isUnfinished = false;
    clearTimeout(this.#arrival);
    this.#arrival = undefined;
  }

  #read(piece: Buffer): void {
    if (this.#isRefused) return;
    this.#prefixes.read(piece);
    if (this.#isArriving) this.#arrival ??= this.#expect();
  }

  get #isArriving(): boolean {
    return this.#isUnfinished && !this.#isRefused;
  }

  /** Hands on a complete message once its memory is reserved. */
  #receive(message: unknown, next: (message: unknown) => void): void {
    const holder = this.#arriving.shift()!;
    if (Buffer.isBuffer(message)) this.#memory.lend(message, () => this.#giveBack(holder));
    else this.#giveBack(holder);
    if (this.#waits.has(holder)) this.#handOn = () => next(message);
    else next(message);
  }

  #admit(holder: Holder): void {
    this.#waits.delete(holder);
    if (this.#waits.size > 0) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#stream.resume();
    this.#handOn?.();
    this.#handOn = undefined;
  }

  /** Rejects the call if its message does not arrive in time. While the stream is paused, the time starts again. */
  #expect(): NodeJS.Timeout {
    const { requestTimeoutSeconds } = this.#memory.limits;
    const expire = (): void => {
      if (this.#stream.isPaused()) this.#arrival = this.#expect();
      else {
        const detail = `The message did not arrive within ${requestTimeoutSeconds} s (REQUEST_TIMEOUT_SECONDS).`;
        this.#refuse(new NestorError('BODY_TIMEOUT', detail));
      }
    };
    return setTimeout(expire, requestTimeoutSeconds * 1000).unref();
  }

  /** Rejects the call if no memory is free for its message in time. A stream may wait for its own earlier messages. */
  #waitFor(bytes: number): NodeJS.Timeout {
    const { budget, limits } = this.#memory;
    const expire = (): void => {
      if (this.#holders.size > this.#waits.size) this.#patience = this.#waitFor(bytes);
      else this.#refuse(budget.refusal(bytes));
    };
    return setTimeout(expire, limits.maxQueueMs ?? DEFAULT_QUEUE_MS).unref();
  }

  #refuse(error: NestorError): void {
    this.#isRefused = true;
    const call = this.#memory.calls.begin({
      metadata: this.#metadata,
      cancelled: false,
      getDeadline: () => this.getDeadline(),
      getPeer: () => this.getPeer(),
    });
    this.#memory.recordOf(this.#method.path.slice(1))(call, error);
    this.#close();
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the catalogue has the same numbers
    this.sendStatus(statusOf(error, call));
  }

  #giveBack(holder: Holder): void {
    this.#waits.get(holder)?.();
    this.#waits.delete(holder);
    this.#holders.delete(holder);
    this.#memory.budget.giveBack(holder);
  }

  #close(): void {
    clearTimeout(this.#arrival);
    clearTimeout(this.#patience);
    this.#giveBackAll();
  }

  #giveBackAll(): void {
    for (const holder of [...this.#holders]) this.#giveBack(holder);
  }
}
