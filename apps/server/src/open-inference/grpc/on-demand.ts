import { type ServiceError, status } from '@grpc/grpc-js';
import type { Handler, Services } from './guarded-services.ts';

/** The properties of a method that must be known before its service is loaded. */
export interface OnDemandMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A method of a loaded service: the codec of its messages and its handler. */
export interface LoadedMethod {
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (response: object) => Buffer;
  readonly handler: Handler;
}

/** The methods of a loaded service by path. */
export type LoadedService = ReadonlyMap<string, LoadedMethod>;

/**
 * Adds a service of another package that is loaded at its first call. Preparing the packages' descriptors takes longer
 * than starting the server, and few callers use these services.
 */
export function addOnDemand(
  server: Services,
  methods: readonly OnDemandMethod[],
  load: () => Promise<LoadedService>,
): void {
  let loading: Promise<LoadedService> | undefined;
  let loaded: LoadedService | undefined;
  const loadOnce = async (): Promise<LoadedService> => (loaded ??= await (loading ??= load()));
  for (const { path, requestStream, responseStream } of methods) {
    const definition = {
      path,
      requestStream,
      responseStream,
      // grpc-js reads a stream's messages when the handler asks for them. It reads a single message before the service
      // is loaded, so that message passes through as bytes.
      requestDeserialize: (bytes: Buffer) => (requestStream ? loaded!.get(path)!.requestDeserialize(bytes) : bytes),
      responseSerialize: (response: object) => loaded!.get(path)!.responseSerialize(response),
    };
    const handler: Handler = (call: OneRequest, callback: (error: object, value: null) => void) => {
      const fail = (error: Partial<ServiceError>): void => {
        if (responseStream) call.emit('error', error);
        else callback(error, null);
      };
      const answer = (service: LoadedService): void => {
        const method = service.get(path)!;
        if (requestStream || readRequest(call, method)) method.handler(call, callback);
        else fail(UNREADABLE);
      };
      loadOnce().then(answer, () => fail(NOT_LOADED));
    };
    server.addService({ [path]: definition }, { [path]: handler });
  }
}

/** The members of a call used here. */
interface OneRequest {
  request: Buffer | object;
  emit(event: 'error', error: object): unknown;
}

const NOT_LOADED: Partial<ServiceError> = { code: status.INTERNAL, details: 'The service cannot be loaded.' };
const UNREADABLE: Partial<ServiceError> = {
  code: status.INVALID_ARGUMENT,
  details: 'The request is not a valid message of its type.',
};

/** Replaces the bytes of a call's request with the parsed message; false if they are invalid. */
function readRequest(call: OneRequest, method: LoadedMethod): boolean {
  try {
    call.request = method.requestDeserialize(call.request as Buffer);
    return true;
  } catch {
    return false;
  }
}

/** Captures the methods that a package adds to a server. */
export function loadedFrom(addTo: (server: Services) => void): LoadedService {
  const methods = new Map<string, LoadedMethod>();
  addTo({
    addService: (service, handlers) => {
      for (const [name, definition] of Object.entries(service)) {
        const { path, requestDeserialize, responseSerialize, originalName = '' } = definition as never as Added;
        methods.set(path, {
          requestDeserialize,
          responseSerialize,
          handler: (handlers[name] ?? handlers[originalName])!,
        });
      }
    },
  });
  return methods;
}

type Added = LoadedMethod & { readonly path: string; readonly originalName?: string };
