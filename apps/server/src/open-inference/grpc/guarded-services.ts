import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import { NestorError } from '#errors';
import { Call } from './call.ts';
import type { Access } from '../../operation/operation.ts';
import type { Calls } from './calls.ts';
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
    for (const stream of this.#streams) stream.emit('error', statusOf(stopping, ''));
  }

  #guard(definition: Definition, access: Access, handler: Handler): Handler {
    const method = { name: definition.path.slice(1), access, probe: true };
    const record = this.#calls.recorderOf(method);
    if (definition.responseStream) {
      return (serverCall: Stream, callback) => {
        const call = new Call(serverCall);
        const refusal = this.#calls.refusal(method, call);
        record(call, refusal);
        if (refusal !== undefined) serverCall.emit('error', statusOf(refusal, call.requestId));
        else {
          this.#streams.add(serverCall);
          serverCall.on('cancelled', () => this.#streams.delete(serverCall));
          handler(serverCall, callback);
        }
      };
    }
    return (serverCall: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
      const call = new Call(serverCall);
      const refusal = this.#calls.refusal(method, call);
      if (refusal !== undefined) {
        record(call, refusal);
        callback(statusOf(refusal, call.requestId));
        return;
      }
      const answer: sendUnaryData<unknown> = (error, ...rest) => {
        record(call, undefined, status[error?.code ?? status.OK]);
        callback(error, ...rest);
      };
      handler(serverCall, answer);
    };
  }
}
