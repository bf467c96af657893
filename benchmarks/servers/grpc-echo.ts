/**
 * The least that answers a ModelInfer call from Node as grpc-js is documented: the messages are those of the .proto, by
 * proto-loader with the options of its guide, and each is given back as it came.
 */
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = 'apps/server/src/open-inference/grpc/open-inference.proto';
const options = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const { inference } = loadPackageDefinition(loadSync(PROTO, options)) as never as {
  inference: { GRPCInferenceService: { service: ServiceDefinition } };
};
const { ModelInfer } = inference.GRPCInferenceService.service;
const echo: handleUnaryCall<object, object> = (call, callback) => callback(null, call.request);

const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
server.addService(
  { ModelInfer: { ...ModelInfer!, responseSerialize: ModelInfer!.requestSerialize } },
  { ModelInfer: echo },
);
server.bindAsync(`127.0.0.1:${process.env['PORT']}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
