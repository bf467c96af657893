import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import { NestorError } from '#errors';
import type { Access } from '../../operation/operation.ts';
import type { Calls } from './calls.ts';
import { grpcOperation } from './operation.ts';
import { statusOf } from './status.ts';

/** The members of a method's definition used here: the gRPC packages have several types for it. */
interface Definition {
  readonly path: string;
  readonly responseStream: boolean;
  readonly originalName?: string | undefined;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each package has its own types of messages
export type Handler = (call: any, callback: any) => void;
type Unary = ServerUnaryCall<unknown, unknown>;
type Stream = ServerWritableStream<unknown, unknown>;

/** A server that services can be added to. */
export interface Services {
  addService(service: Readonly<Record<string, Definition>>, handlers: Readonly<Record<string, Handler>>): void;
}

/** Adds services of other packages, whose calls get the keys, rate limit, log line and counters of Nestor's own. */
export class GuardedServices {
  readonly #calls: Calls;
  readonly #streams = new Set<Stream>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Wraps `server`: services added to the wrapper reach it guarded. */
  of(server: Services, access: Access): Services {
    return {
      addService: (service, handlers) => {
        const guarded = Object.entries(service).map(([name, method]) => {
          const handler = handlers[name] ?? handlers[method.originalName ?? '']!;
          return [name, this.#guard(method, access, handler)];
        });
        server.addService(service, Object.fromEntries(guarded) as Record<string, Handler>);
      },
    };
  }

  /** Ends the streams, because a watch would otherwise last as long as its caller. */
  stopStreams(): void {
    const stopping = new NestorError('MODEL_NOT_READY', 'The server is shutting down.');
    for (const stream of this.#streams) stream.emit('error', statusOf(stopping, { id: '' }));
  }

  #guard(definition: Definition, access: Access, handler: Handler): Handler {
    const operation = grpcOperation(definition.path.slice(1), access, true);
    const record = this.#calls.recorderOf(operation);
    const guardStream = async (serverCall: Stream, callback: unknown): Promise<void> => {
      const call = this.#calls.begin(serverCall);
      const refusal = await this.#calls.refusal(operation, call);
      record(call, refusal);
      if (refusal !== undefined) {
        serverCall.emit('error', operation.renderError(refusal, call));
        return;
      }
      this.#streams.add(serverCall);
      serverCall.on('cancelled', () => this.#streams.delete(serverCall));
      handler(serverCall, callback);
    };
    const guardUnary = async (serverCall: Unary, callback: sendUnaryData<unknown>): Promise<void> => {
      const call = this.#calls.begin(serverCall);
      const refusal = await this.#calls.refusal(operation, call);
      if (refusal !== undefined) {
        record(call, refusal);
        callback(operation.renderError(refusal, call));
        return;
      }
      const answer: sendUnaryData<unknown> = (error, ...rest) => {
        record(call, undefined, status[error?.code ?? status.OK]);
        callback(error, ...rest);
      };
      handler(serverCall, answer);
    };
    return definition.responseStream
      ? (serverCall: Stream, callback) => void guardStream(serverCall, callback)
      : (serverCall: Unary, callback: sendUnaryData<unknown>) => void guardUnary(serverCall, callback);
  }
}
