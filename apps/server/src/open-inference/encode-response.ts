import { writeBinaryData } from '#binary';
import { cutsTensors, type ModelVersion } from '#engine';
import { floatsOf, fp16View, type Tensor, type Tensors } from '#tensor';
import { classify } from './classification.ts';
import type { InferRequest, RequestedOutput } from './infer-request.ts';

/** The parts of a model that a response depends on. */
export interface Answerer {
  readonly name: string;
  readonly version: string;
  readonly hasRows: boolean;
  readonly labels: readonly (string | number)[] | undefined;
}

export const answererOf = ({ name, version, writer, rows }: ModelVersion): Answerer => ({
  name,
  version,
  hasRows: cutsTensors(rows),
  labels: writer.labels,
});

/** A response: its JSON, and the bytes of its binary outputs in their order. */
export interface InferResponse {
  readonly json: string;
  readonly binary: readonly Uint8Array[];
}

/**
 * Writes the response to an inference request. 64-bit integers keep every digit. NaN and infinities become null, with a
 * warning in the parameters of the response. An output's parameters cannot carry it: Triton's C++ client, which
 * perf_analyzer uses, fails on any output parameter except `binary_data_size`.
 */
export function encodeInferResponse(
  request: Pick<InferRequest, 'id' | 'outputs'>,
  tensors: Tensors,
  answerer: Answerer,
): InferResponse {
  const binary: Uint8Array[] = [];
  const outputs = request.outputs.map((requested) => encodeOutput(requested, tensors, answerer, binary));
  const warnings = request.outputs.flatMap(({ name, binary: isBinary }) => {
    const count = isBinary ? 0 : countNotFinite(tensors[name]!);
    return count === 0 ? [] : `${name}: ${count} element(s) are NaN or infinite and became null`;
  });
  const parameters =
    warnings.length === 0
      ? ''
      : `,"parameters":${JSON.stringify({ warning: `${warnings.join('; ')}; binary data keeps them` })}`;
  const id = request.id === undefined ? '' : `,"id":${JSON.stringify(request.id)}`;
  const json = `{"model_name":${JSON.stringify(answerer.name)},"model_version":${JSON.stringify(answerer.version)}${id}${parameters},"outputs":[${outputs.join(',')}]}`;
  return { json, binary };
}

function encodeOutput(
  { name, binary, classification }: RequestedOutput,
  tensors: Tensors,
  { hasRows, labels }: Answerer,
  bytes: Uint8Array[],
): string {
  const output = tensors[name]!;
  const tensor = classification === 0 ? output : classify(output, classification, hasRows, labels);
  const head = `{"name":${JSON.stringify(name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}]`;
  if (binary) {
    const data = writeBinaryData(tensor);
    bytes.push(data);
    return `${head},"parameters":{"binary_data_size":${data.length}}}`;
  }
  return `${head},"data":${dataJson(tensor)}}`;
}

function dataJson({ datatype, data }: Tensor): string {
  switch (datatype) {
    case 'INT64':
    case 'UINT64':
      return `[${(data as BigInt64Array).join(',')}]`;
    case 'BOOL':
      return JSON.stringify(Array.from(data as Uint8Array, (byte) => byte !== 0));
    case 'FP16':
      return JSON.stringify(Array.from(fp16View(data as Uint16Array)));
    case 'BYTES':
      return JSON.stringify(data);
    default:
      // JSON.stringify writes null for NaN and infinities.
      return JSON.stringify(Array.from(data as Float32Array));
  }
}

function countNotFinite(tensor: Tensor): number {
  if (!tensor.datatype.startsWith('FP')) return 0;
  const numbers = floatsOf(tensor);
  let count = 0;
  for (let i = 0; i < numbers.length; i += 1) if (!Number.isFinite(numbers[i])) count += 1;
  return count;
}
