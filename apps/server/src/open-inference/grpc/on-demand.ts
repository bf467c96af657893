import { type ServiceError, status } from '@grpc/grpc-js';
import type { Handler, Services } from './guarded-services.ts';

/** A call of a service as far as it must be known before the service is loaded. */
export interface OnDemandMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** A call of a loaded service: how its messages are read and written, and what answers it. */
export interface LoadedMethod {
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (response: object) => Buffer;
  readonly handler: Handler;
}

/** The calls of a loaded service, by their paths. */
export type LoadedService = ReadonlyMap<string, LoadedMethod>;

/**
 * Adds a service of another package that is loaded at its first call: to prepare the packages' descriptors takes longer
 * than to start a server, and few callers ever ask for them.
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
      // A stream's messages are not read before its handler reads; a single one is, and is handed on as it is.
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

/** As much of a call as is looked at here. */
interface OneRequest {
  request: Buffer | object;
  emit(event: 'error', error: object): unknown;
}

const NOT_LOADED: Partial<ServiceError> = { code: status.INTERNAL, details: 'The service cannot be loaded.' };
const UNREADABLE: Partial<ServiceError> = {
  code: status.INVALID_ARGUMENT,
  details: 'The message is not one of this call: its bytes cannot be read.',
};

/** Replaces the bytes of a call's request by what they say; false where they cannot be read. */
function readRequest(call: OneRequest, method: LoadedMethod): boolean {
  try {
    call.request = method.requestDeserialize(call.request as Buffer);
    return true;
  } catch {
    return false;
  }
}

/** A service as the packages add it: `load` lets them add it to this, and answers what was added. */
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
