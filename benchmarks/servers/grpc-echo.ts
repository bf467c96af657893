/** The least that answers a ModelInfer call from Node: each message is given back as it came. */
import { ModelInfer, serveInfer } from './grpc-infer.ts';

serveInfer({ ...ModelInfer, responseSerialize: ModelInfer.requestSerialize }, (call, callback) =>
  callback(null, call.request),
);
