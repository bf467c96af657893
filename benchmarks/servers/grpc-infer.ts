/**
 * GRPCInferenceService as in the guide of grpc-js: messages of the .proto, with proto-loader and the guide's options.
 */
import {
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = 'apps/server/src/open-inference/grpc/open-inference.proto';
const options = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const { inference } = loadPackageDefinition(loadSync(PROTO, options)) as never as {
  inference: { GRPCInferenceService: { service: ServiceDefinition } };
};

/** The measured call. */
export const ModelInfer = inference.GRPCInferenceService.service['ModelInfer']!;

/** Answers only this call, on the port in the environment. */
export function serveInfer<Request, Response>(
  definition: typeof ModelInfer,
  answer: handleUnaryCall<Request, Response>,
): void {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService({ ModelInfer: definition }, { ModelInfer: answer });
  server.bindAsync(`127.0.0.1:${process.env['PORT']}`, ServerCredentials.createInsecure(), (error) => {
    if (error !== null) throw error;
  });
}
