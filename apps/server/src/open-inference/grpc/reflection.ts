import type { Services } from './guarded-services.ts';
import type { Reflection } from './reflection-service.ts';

const PATHS = ['v1', 'v1alpha'].map((version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`);

let loading: Promise<ReadonlyMap<string, Reflection>> | undefined;
let loaded: ReadonlyMap<string, Reflection> | undefined;

/**
 * Adds reflection, which describes the services to tools such as grpcurl. To describe them takes longer than to serve
 * them, and few ever ask: it is loaded at the first call.
 */
export function addReflection(server: Services): void {
  for (const path of PATHS) {
    const call = {
      path,
      requestStream: true,
      responseStream: true,
      // No message is read before the handler reads, and by then this is loaded.
      requestDeserialize: (bytes: Buffer) => loaded!.get(path)!.requestDeserialize(bytes),
      responseSerialize: (response: object) => loaded!.get(path)!.responseSerialize(response),
    };
    server.addService(
      { ServerReflectionInfo: call },
      {
        ServerReflectionInfo: (stream, callback) => void load().then((all) => all.get(path)!.handler(stream, callback)),
      },
    );
  }
}

async function load(): Promise<ReadonlyMap<string, Reflection>> {
  loading ??= import('./reflection-service.ts').then(({ describeServices }) => describeServices());
  loaded = await loading;
  return loaded;
}
