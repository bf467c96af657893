import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '#engine';
import type { Credentials } from '../../access/key-check.ts';
import { requestId } from '../../http/request-id.ts';
import type { Served } from '../../http/request.ts';

/** What is asked of a call of any kind. */
interface ServerCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getDeadline(): Date | number;
  /** Address and port. */
  getPeer(): string;
}

/** One request: a call, or one message of a stream. */
export class Call {
  readonly requestId: string;
  readonly startedAt = performance.now();
  /** What it was answered from, once the model is known. */
  served: Served | undefined;
  readonly #call: ServerCall;

  /** @param id the stream's, for a message of a stream */
  constructor(call: ServerCall, id?: string) {
    this.#call = call;
    this.requestId =
      id ??
      requestId({
        headers: {
          'x-request-id': textOf(call.metadata, 'x-request-id'),
          traceparent: textOf(call.metadata, 'traceparent'),
        },
      });
  }

  get credentials(): Credentials {
    const { metadata } = this.#call;
    return { 'x-api-key': textOf(metadata, 'x-api-key'), authorization: textOf(metadata, 'authorization') };
  }

  /** The caller's address, without its port. */
  get address(): string {
    return this.#call.getPeer().replace(/:\d+$/, '');
  }

  /** Who waits for the answer: until gRPC's own deadline, or until what the request says where that is sooner. */
  caller(timeoutMs = Infinity): Caller {
    const deadline = Number(this.#call.getDeadline());
    return { timeoutMs: Math.min(timeoutMs, deadline - Date.now()), gone: () => this.#call.cancelled };
  }
}

function textOf(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}
