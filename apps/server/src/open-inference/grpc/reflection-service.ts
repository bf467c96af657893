import { fromJSON } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor from './descriptor.json' with { type: 'json' };
import type { Handler } from './guarded-services.ts';

/** One version of the reflection service: how its messages are read and written, and what answers them. */
export interface Reflection {
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (response: object) => Buffer;
  readonly handler: Handler;
}

/** The reflection service by the paths of its calls. */
export function describeServices(): ReadonlyMap<string, Reflection> {
  const versions = new Map<string, Reflection>();
  new ReflectionService(fromJSON(descriptor as Parameters<typeof fromJSON>[0])).addToServer({
    addService: (service, handlers) => {
      for (const [name, { path, requestDeserialize, responseSerialize }] of Object.entries(service)) {
        versions.set(path, { requestDeserialize, responseSerialize, handler: handlers[name] as Handler });
      }
    },
  });
  return versions;
}
