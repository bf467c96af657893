import { graphsIn } from '../model-file/inner-graphs.ts';
import type { Graph, ModelFile, Node } from '../model-file/model-file.ts';

/**
 * Operators whose kernels crash the process, or never return, if a tensor has an empty dimension, on a CPU with ONNX Runtime
 * 1.30. `npm run test:onnx:empty` runs every operator of the ONNX standard's tests with empty dimensions, each in a process of
 * its own, and prints this list with a graph and a shape for each.
 */
const DEADLY: ReadonlySet<string> = new Set([
  'Attention',
  'Conv',
  'ConvTranspose',
  'DFT',
  'GRU',
  'InstanceNormalization',
  'LSTM',
  'QuantizeLinear',
  'RNN',
  'RoiAlign',
  'STFT',
  'TopK',
  'Unique',
  'ai.onnx.ml.FeatureVectorizer',
]);
/** Operators of other, unknown sets count as deadly. */
const KNOWN_SETS: ReadonlySet<string> = new Set(['ai.onnx', 'ai.onnx.ml']);

/** The first operator of a model that may not survive an empty dimension; undefined if all do. */
export function deadlyOperator({ graph, functions }: ModelFile): string | undefined {
  const local = new Set(functions.map(({ domain, name }) => `${domain}.${name}`));
  const nodes = [...nodesOf(graph), ...functions.flatMap((one) => one.nodes.flatMap(withInner))];
  return nodes.find((node) => isDeadly(node, local))?.operator;
}

function isDeadly({ domain, operator }: Node, local: ReadonlySet<string>): boolean {
  if (local.has(`${domain}.${operator}`)) return false;
  return !KNOWN_SETS.has(domain) || DEADLY.has(domain === 'ai.onnx' ? operator : `${domain}.${operator}`);
}

function nodesOf({ nodes }: Graph): Node[] {
  return nodes.flatMap(withInner);
}

/** A node, and those of the graphs in it. */
function withInner(node: Node): Node[] {
  return [node, ...[...node.attributes.values()].flatMap(graphsIn).flatMap(nodesOf)];
}
