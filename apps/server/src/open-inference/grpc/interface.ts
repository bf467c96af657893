import { fromJSON, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader';
import descriptor from './descriptor.json' with { type: 'json' };

export const SERVICE = 'inference.GRPCInferenceService';

/** Our reading of open-inference.proto, by way of the descriptor that is made of it. */
export const packageDefinition: PackageDefinition = fromJSON(descriptor as Parameters<typeof fromJSON>[0], {
  longs: Number,
  enums: String,
  defaults: true,
});

/** The calls of the service by their names. */
export const methods = packageDefinition[SERVICE] as Record<string, MethodDefinition<object, object>>;
