import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '#engine';
import type { Sender } from '../../access/client.ts';
import { addressBehind, type TrustedProxies } from '../../access/trusted-proxies.ts';
import { requestId } from '../../http/request-id.ts';
import { ReceivedMemory, type RequestMemory } from '../../memory/request-memory.ts';
import type { Served } from '../../logging/request-log.ts';
import type { PredictionRequest } from '../../prediction/prediction-operation.ts';
import { type InferMessage, readInferMessage } from './infer-message.ts';

/** The members that calls of every kind share. */
export interface ServerCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getDeadline(): Date | number;
  /** Address and port. */
  getPeer(): string;
}

/** One request: a call, or one message of a stream. */
export class Call implements PredictionRequest, Sender {
  readonly id: string;
  acceptedKey: string | null;
  readonly startedAt = performance.now();
  served: Served | null = null;
  memory: RequestMemory | null = null;
  /** Set once an inference request has been read. */
  message: InferMessage | undefined;
  readonly #call: ServerCall;
  readonly #proxies: TrustedProxies;

  /** @param stream for a message of a stream, the call that opened the stream */
  constructor(call: ServerCall, proxies: TrustedProxies, stream?: Call) {
    this.#call = call;
    this.#proxies = proxies;
    this.id = stream?.id ?? requestId(this);
    this.acceptedKey = stream?.acceptedKey ?? null;
  }

  /** The metadata, with the first value of each name. */
  get headers(): Readonly<Record<string, string | Buffer | undefined>> {
    return this.#call.metadata.getMap();
  }

  get ip(): string {
    const peer = this.#call.getPeer().replace(/:\d+$/, '');
    return addressBehind(this.#proxies, peer, this.headers['x-forwarded-for']);
  }

  /** The next message of the stream that this call opened, as a request of its own. */
  next(): Call {
    return new Call(this.#call, this.#proxies, this);
  }

  /** Waits until gRPC's own deadline, unless the call is cancelled. */
  caller(): Caller {
    const call = this.#call;
    return { timeoutMs: Number(call.getDeadline()) - Date.now(), gone: () => call.cancelled };
  }

  /**
   * Reads an inference.
   *
   * @throws NestorError MALFORMED_BODY, INVALID_REQUEST
   */
  read(bytes: Buffer): void {
    this.message = readInferMessage(bytes);
    this.memory = new ReceivedMemory(bytes);
  }
}
