import protobuf from 'protobufjs/minimal.js';
import { replaceFields, tagOf } from './replace-fields.ts';

// Fields of the messages that lead to tensors. Source: onnx/onnx, onnx.proto.
const MODEL = { graph: 7, functions: 25 };
const FUNCTION = { node: 7 };
const GRAPH = { node: 1, initializer: 5 };
const NODE = { attribute: 5 };
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 };
const TENSOR = { dims: 1, elementType: 2, rawData: 9, externalData: 13, dataLocation: 14 };
const ENTRY = { key: 1, value: 2 };
const PACKED = 2;

/** Bits of an element, by the number of `TensorProto.DataType`. */
const BITS = new Map([
  ...[2, 3, 9, 17, 18, 19, 20, 24].map((type) => [type, 8] as const),
  ...[4, 5, 10, 16].map((type) => [type, 16] as const),
  ...[1, 6, 12].map((type) => [type, 32] as const),
  ...[7, 11, 13, 14].map((type) => [type, 64] as const),
  ...[21, 22, 23].map((type) => [type, 4] as const),
]);

/** Reads a part of an external file; undefined if the file has no such part. */
export type ReadPart = (location: string, offset: number, length: number) => Uint8Array | undefined;

/**
 * The bytes of a model with the weights of its external files inside. Weights that cannot be read, or have no known size, stay
 * external: the runtime looks for them there, and says what is wrong.
 */
export function writeWeights(model: Uint8Array, read: ReadPart): Uint8Array {
  const tensor = (bytes: Uint8Array): readonly Uint8Array[] | undefined => withData(bytes, read);
  const graph = (bytes: Uint8Array): Uint8Array[] => [
    replaceFields(replaceFields(bytes, GRAPH.initializer, tensor), GRAPH.node, node),
  ];
  const attribute = (bytes: Uint8Array): Uint8Array[] => {
    const tensors = replaceFields(replaceFields(bytes, ATTRIBUTE.tensor, tensor), ATTRIBUTE.tensors, tensor);
    return [replaceFields(replaceFields(tensors, ATTRIBUTE.graph, graph), ATTRIBUTE.graphs, graph)];
  };
  const node = (bytes: Uint8Array): Uint8Array[] => [replaceFields(bytes, NODE.attribute, attribute)];
  const localFunction = (bytes: Uint8Array): Uint8Array[] => [replaceFields(bytes, FUNCTION.node, node)];
  return replaceFields(replaceFields(model, MODEL.graph, graph), MODEL.functions, localFunction);
}

/** A tensor with its data; undefined if the data is inside already, or cannot be read. */
function withData(tensor: Uint8Array, read: ReadPart): readonly Uint8Array[] | undefined {
  const { entries, elements, bits, rest } = takeApart(tensor);
  const location = entries.get('location');
  if (location === undefined) return undefined;
  const length = Number(entries.get('length') ?? Math.ceil((elements * bits) / 8));
  const offset = Number(entries.get('offset') ?? 0);
  const data =
    Number.isSafeInteger(length) && Number.isSafeInteger(offset) ? read(location, offset, length) : undefined;
  if (data === undefined) return undefined;
  const head = protobuf.Writer.create().uint32(tagOf(TENSOR.rawData)).uint32(data.length).finish();
  return [Buffer.concat([...rest, head, data])];
}

interface TensorParts {
  /** The place of its data, if that is in another file. */
  readonly entries: ReadonlyMap<string, string>;
  readonly elements: number;
  /** NaN if unknown. */
  readonly bits: number;
  /** The fields other than the place of its data. */
  readonly rest: readonly Uint8Array[];
}

function takeApart(tensor: Uint8Array): TensorParts {
  const reader = protobuf.Reader.create(tensor);
  const entries = new Map<string, string>();
  const rest: Uint8Array[] = [];
  let elements = 1;
  let elementType = 0;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const body = reader.pos;
    const field = tag >>> 3;
    if (field === TENSOR.externalData) {
      const [key, value] = readEntry(reader);
      entries.set(key, value);
      continue;
    }
    if (field === TENSOR.elementType) elementType = reader.int32();
    else if (field === TENSOR.dims) elements *= readDims(reader, (tag & 7) === PACKED);
    reader.pos = body;
    reader.skipType(tag & 7);
    if (field !== TENSOR.dataLocation) rest.push(tensor.subarray(start, reader.pos));
  }
  return { entries, elements, bits: BITS.get(elementType) ?? NaN, rest };
}

function readDims(reader: protobuf.Reader, isPacked: boolean): number {
  if (!isPacked) return Number(reader.int64());
  const end = reader.uint32() + reader.pos;
  let product = 1;
  while (reader.pos < end) product *= Number(reader.int64());
  return product;
}

function readEntry(reader: protobuf.Reader): readonly [key: string, value: string] {
  const end = reader.uint32() + reader.pos;
  let [key, value] = ['', ''];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === tagOf(ENTRY.key)) key = reader.string();
    else if (tag === tagOf(ENTRY.value)) value = reader.string();
    else reader.skipType(tag & 7);
  }
  return [key, value];
}
