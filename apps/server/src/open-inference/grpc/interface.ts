import protobuf from 'protobufjs/light.js';
import descriptor from './descriptor.json' with { type: 'json' };

export const SERVICE = 'inference.GRPCInferenceService';

/** A method of the service, with the codec of its messages. */
export interface Method {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  /** Throws any kind of Error for an invalid message. */
  readonly readRequest: (bytes: Buffer) => object;
  readonly writeResponse: (response: object) => Buffer;
}

/** The methods of open-inference.proto by name, read from the descriptor generated from it. */
export const methods: Readonly<Record<string, Method>> = readMethods();

function readMethods(): Record<string, Method> {
  const service = protobuf.Root.fromJSON(descriptor as protobuf.INamespace)
    .resolveAll()
    .lookupService(SERVICE);
  return Object.fromEntries(service.methodsArray.map((method) => [method.name, methodOf(method)]));
}

function methodOf(method: protobuf.Method): Method {
  const { name, requestStream = false, responseStream = false } = method;
  const request = method.resolvedRequestType!;
  const response = method.resolvedResponseType!;
  return {
    path: `/${SERVICE}/${name}`,
    requestStream,
    responseStream,
    readRequest: (bytes) => request.toObject(request.decode(bytes), { longs: Number, enums: String, defaults: true }),
    writeResponse: (message) => response.encode(response.fromObject(message)).finish() as Buffer,
  };
}
