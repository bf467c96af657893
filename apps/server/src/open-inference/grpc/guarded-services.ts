import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import { NestorError } from '#errors';
import type { Access } from '../../operation/operation.ts';
import type { Calls } from './calls.ts';
import { grpcOperation } from './operation.ts';
import { statusOf } from './status.ts';

/** As much of a method's definition as is looked at: the packages of gRPC have several types for it. */
interface Definition {
  readonly path: string;
  readonly responseStream: boolean;
  readonly originalName?: string | undefined;
}

/** A handler of a service of another package, whatever its messages are. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as said
export type Handler = (call: any, callback: any) => void;
type Unary = ServerUnaryCall<unknown, unknown>;
type Stream = ServerWritableStream<unknown, unknown>;

/** A server, as far as services are added to it. */
export interface Services {
  addService(service: Readonly<Record<string, Definition>>, handlers: Readonly<Record<string, Handler>>): void;
}

/** Takes in services of other packages, and puts around each of their calls what holds for ours: keys, line, counter. */
export class GuardedServices {
  readonly #calls: Calls;
  readonly #streams = new Set<Stream>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** A server to add services to, which adds them to `server` guarded. */
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

  /** Ends the streams, which nobody else would: a watch lasts as long as its caller likes. */
  stopStreams(): void {
    const stopping = new NestorError('MODEL_NOT_READY', 'The server is stopping.');
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
