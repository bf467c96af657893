import { fromJSON, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import descriptor from '../apps/server/src/open-inference/grpc/descriptor.json' with { type: 'json' };

export const SERVICE = 'inference.GRPCInferenceService';

/** The interface as a client's stub has it: messages are written and read by the package, none by our own code. */
const stub = fromJSON(descriptor as Parameters<typeof fromJSON>[0], { longs: String, enums: String, defaults: true });
const methods = stub[SERVICE] as ServiceDefinition;

/** The method's own reading and writing. */
export function methodOf(name: string): MethodDefinition<any, any> {
  return methods[name]!;
}
