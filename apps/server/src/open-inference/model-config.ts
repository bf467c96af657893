import { cutsTensors, type ModelVersion } from '#engine';
import type { Datatype, TensorSpec } from '#tensor';

interface TensorConfig {
  readonly name: string;
  readonly data_type: string;
  /** Excludes the batch dimension, if the model has one. */
  readonly dims: readonly number[];
  /** Set if a row is a scalar, which `dims` cannot express. */
  readonly reshape?: { readonly shape: readonly number[] };
}

interface InputConfig extends TensorConfig {
  readonly format: 'FORMAT_NONE' | 'FORMAT_NCHW' | 'FORMAT_NHWC';
}

/** The fields of Triton's ModelConfig message that apply to Nestor, by the message's names. */
export interface ModelConfig {
  readonly name: string;
  readonly platform: string;
  readonly backend: string;
  readonly max_batch_size: number;
  readonly input: readonly InputConfig[];
  readonly output: readonly TensorConfig[];
  readonly instance_group: readonly { readonly name: string; readonly kind: 'KIND_CPU'; readonly count: number }[];
  readonly dynamic_batching?: {
    readonly preferred_batch_size: readonly number[];
    readonly max_queue_delay_microseconds: number;
  };
  readonly default_model_filename: string;
}

/**
 * Describes a model to Triton's clients: perf_analyzer builds its requests from this.
 *
 * Source: triton-inference-server/common, protobuf/model_config.proto.
 */
export function modelConfig({ name, signature, rows, batching, execution, limits }: ModelVersion): ModelConfig {
  const hasRows = cutsTensors(rows);
  const configOf = (spec: TensorSpec): TensorConfig => tensorConfig(spec, hasRows);
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: hasRows ? limits.maxRows : 0,
    input: signature.inputs.map((spec) => ({ ...configOf(spec), format: formatOf(configOf(spec).dims) })),
    output: signature.outputs.map(configOf),
    instance_group: [{ name, kind: 'KIND_CPU', count: Math.max(1, execution.workers) }],
    ...(batching.maxBatchRows > 1 && {
      dynamic_batching: {
        preferred_batch_size: [batching.maxBatchRows],
        max_queue_delay_microseconds: Math.round(batching.maxBatchWaitMs * 1000),
      },
    }),
    default_model_filename: 'model.onnx',
  };
}

function tensorConfig({ name, datatype, shape }: TensorSpec, hasRows: boolean): TensorConfig {
  const dims = hasRows ? shape.slice(1) : shape;
  const data_type = dataType(datatype);
  return dims.length > 0 ? { name, data_type, dims } : { name, data_type, dims: [1], reshape: { shape: [] } };
}

/** The channels of a picture: grey, RGB, RGB with transparency. */
const CHANNELS = new Set([1, 3, 4]);

/** A picture's layout, which Triton's image_client.py needs. Three dimensions with few channels count as a picture. */
function formatOf(dims: readonly number[]): InputConfig['format'] {
  if (dims.length !== 3) return 'FORMAT_NONE';
  if (CHANNELS.has(dims[0]!)) return 'FORMAT_NCHW';
  return CHANNELS.has(dims[2]!) ? 'FORMAT_NHWC' : 'FORMAT_NONE';
}

const dataType = (datatype: Datatype): string => (datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`);
