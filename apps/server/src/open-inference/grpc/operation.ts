import type { Access, Operation } from '../../operation/operation.ts';
import type { Call } from './call.ts';
import { SERVICE } from './interface.ts';
import { type CallStatus, statusOf } from './status.ts';

export interface GrpcOperation extends Operation<Call, CallStatus> {
  /** For example `inference.GRPCInferenceService/ModelInfer`. */
  readonly name: string;
}

/** @param name the method's path without its first slash */
export const grpcOperation = (name: string, access: Access, probe: boolean): GrpcOperation => ({
  name,
  access,
  probe,
  renderError: statusOf,
});

/** A method of the inference service. Its open methods are its probes. */
export const inferenceOperation = (name: string, access: Access): GrpcOperation =>
  grpcOperation(`${SERVICE}/${name}`, access, access === 'open');
