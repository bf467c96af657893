import protobuf from 'protobufjs/minimal.js';
import { ELEMENT } from './model-file.ts';
import { replaceFields, tagOf } from './replace-fields.ts';
import type { ReplacedOutput, TableBehind } from './tensor-outputs.ts';

// Fields of ModelProto, GraphProto, NodeProto and ValueInfoProto. Source: onnx/onnx, onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const VALUE_NAME = 1;

/**
 * The bytes of a model that has tensors in place of the outputs that are replaced: an Identity for each, instead of the node
 * that made something else of them. All other bytes are copied as they are.
 */
export function writeTensorOutputs(model: Uint8Array, replaced: readonly ReplacedOutput[]): Uint8Array {
  const byOutput = new Map(replaced.map(({ output, tables }) => [output, tables]));
  return replaceFields(model, MODEL_GRAPH, (graph) => {
    const nodes = replaceFields(graph, GRAPH_NODE, (node) => byOutput.get(firstText(node, NODE_OUTPUT))?.map(identity));
    return [replaceFields(nodes, GRAPH_OUTPUT, (value) => byOutput.get(firstText(value, VALUE_NAME))?.map(tensor))];
  });
}

/** NodeProto */
function identity({ input, name }: TableBehind): Uint8Array {
  return protobuf.Writer.create()
    .uint32(10)
    .string(input)
    .uint32(18)
    .string(name)
    .uint32(34)
    .string('Identity')
    .finish();
}

/** ValueInfoProto of a tensor [N, classes]: its name, and a type with datatype and shape */
function tensor({ name, classes }: TableBehind): Uint8Array {
  const writer = protobuf.Writer.create().uint32(10).string(name);
  writer.uint32(18).fork().uint32(10).fork().uint32(8).int32(ELEMENT.FLOAT).uint32(18).fork();
  writer.uint32(10).fork().ldelim();
  writer.uint32(10).fork().uint32(8).int64(classes).ldelim();
  return writer.ldelim().ldelim().ldelim().finish();
}

/** The first value of a field of text; "" if the field is absent. */
function firstText(message: Uint8Array, wanted: number): string {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === tagOf(wanted)) return reader.string();
    reader.skipType(tag & 7);
  }
  return '';
}
