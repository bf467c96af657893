import { fromJSON } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor from './descriptor.json' with { type: 'json' };
import { type LoadedService, loadedFrom } from './on-demand.ts';

/** The reflection service, in the versions that there are. */
export function describeServices(): LoadedService {
  const reflection = new ReflectionService(fromJSON(descriptor as Parameters<typeof fromJSON>[0]));
  return loadedFrom((server) => reflection.addToServer(server));
}
