import type { Services } from './guarded-services.ts';
import { addOnDemand } from './on-demand.ts';

const METHODS = ['v1', 'v1alpha'].map((version) => ({
  path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
  requestStream: true,
  responseStream: true,
}));

/** Adds reflection, which describes the services to tools such as grpcurl. */
export function addReflection(server: Services): void {
  addOnDemand(server, METHODS, async () => {
    const { describeServices } = await import('./reflection-service.ts');
    return describeServices();
  });
}
