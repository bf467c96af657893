import { fromJSON } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor from './descriptor.json' with { type: 'json' };
import standardServices from './standard-services.json' with { type: 'json' };
import { type LoadedService, loadedFrom } from './on-demand.ts';

/** The reflection service in both of its versions. */
export function describeServices(): LoadedService {
  const definitions = [descriptor, standardServices].map((json) => fromJSON(json as Parameters<typeof fromJSON>[0]));
  const reflection = new ReflectionService(Object.assign({}, ...definitions) as (typeof definitions)[number]);
  return loadedFrom((server) => reflection.addToServer(server));
}
