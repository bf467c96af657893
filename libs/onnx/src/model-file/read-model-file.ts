import type { ByteRange } from './byte-range.ts';
import { FieldReader, MalformedMessage } from './field-reader.ts';
import type { Graph, LocalFunction, ModelFile, Node } from './model-file.ts';
import { domainOf, readEntry, readOpset } from './read-entry.ts';
import { readGraph, readNode } from './read-graph.ts';

/**
 * Reads an ONNX file: all that it says, but not its weights, which are neither read nor kept. The fields' numbers, here and
 * in the readers of what a model holds, are those of onnx.proto (onnx/onnx).
 *
 * @throws MalformedMessage where the bytes are no ONNX model
 */
export function readModelFile(bytes: ByteRange): ModelFile {
  const reader = new FieldReader(bytes);
  const said: { -readonly [Key in keyof ModelFile]?: ModelFile[Key] } = {};
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  const functions: LocalFunction[] = [];
  let graph: Graph | undefined;
  reader.fields({
    1: () => (said.irVersion = reader.integer()),
    2: () => (said.producerName = reader.text()),
    3: () => (said.producerVersion = reader.text()),
    5: () => (said.modelVersion = reader.integer()),
    6: () => (said.description = reader.text()),
    7: () => (graph = readGraph(reader)),
    8: () => opsets.push(readOpset(reader)),
    14: () => metadata.push(readEntry(reader)),
    25: () => functions.push(readFunction(reader)),
  });
  if (graph === undefined) throw new MalformedMessage('it holds no graph');
  return {
    // An empty text says nothing, as one that is not there.
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '')),
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
    graph,
    functions,
  };
}

/** FunctionProto */
function readFunction(reader: FieldReader): LocalFunction {
  let name = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: Node[] = [];
  const opsets: [string, number][] = [];
  reader.fields({
    1: () => (name = reader.text()),
    4: () => inputs.push(reader.text()),
    5: () => outputs.push(reader.text()),
    7: () => nodes.push(readNode(reader)),
    9: () => opsets.push(readOpset(reader)),
    10: () => (domain = reader.text()),
  });
  return { name, domain: domainOf(domain), inputs, outputs, nodes, opsets: Object.fromEntries(opsets) };
}
