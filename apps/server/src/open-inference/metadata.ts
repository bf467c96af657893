import type { ModelStatus, ModelVersion } from '#engine';
import type { TensorSpec } from '#tensor';
import { version } from '../version.ts';

/** The protocol extensions that Nestor implements, by Triton's names. */
const EXTENSIONS = ['binary_tensor_data', 'classification', 'model_configuration', 'model_repository', 'statistics'];

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

export interface ModelMetadata {
  readonly name: string;
  /** Every served version, lowest first. */
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

export const SERVER_METADATA: ServerMetadata = { name: 'nestor', version, extensions: EXTENSIONS };

/** Source: the protocol's model metadata object; "onnx_onnxv1" is its name for ONNX models. */
export function modelMetadata({ name, signature }: ModelVersion, { served }: ModelStatus): ModelMetadata {
  const versions = served.map((model) => model.version).sort((a, b) => Number(a) - Number(b));
  return { name, versions, platform: 'onnx_onnxv1', inputs: signature.inputs, outputs: signature.outputs };
}
