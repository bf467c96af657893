import type { Access, Operation } from '../../operation/operation.ts';
import type { Call } from './call.ts';
import { SERVICE } from './interface.ts';
import { type CallStatus, statusOf } from './status.ts';

/** What a method of gRPC is. */
export interface GrpcOperation extends Operation<Call, CallStatus> {
  /** Such as `inference.GRPCInferenceService/ModelInfer`. */
  readonly name: string;
}

/** A method of any service; the name is its path. */
export const grpcOperation = (name: string, access: Access, probe: boolean): GrpcOperation => ({
  name,
  access,
  probe,
  renderError: statusOf,
});

/** A method of the inference service; those that are open are its probes. */
export const inferenceOperation = (name: string, access: Access): GrpcOperation =>
  grpcOperation(`${SERVICE}/${name}`, access, access === 'open');
