/** A minimal Node server for ModelInfer calls: it returns each message unchanged. */
import { ModelInfer, serveInfer } from './grpc-infer.ts';

serveInfer({ ...ModelInfer, responseSerialize: ModelInfer.requestSerialize }, (call, callback) =>
  callback(null, call.request),
);
