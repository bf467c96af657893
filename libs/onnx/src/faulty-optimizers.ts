import { bodiesWithin } from './model-file/inner-graphs.ts';
import type { Graph, ModelFile } from './model-file/model-file.ts';

/**
 * The optimizers of ONNX Runtime that make another model of this one, and are left out of its sessions: 1.30 fuses a
 * transposition into the product of a matrix and a vector, which then reads the matrix as it lay before.
 */
export function faultyOptimizers({ graph }: ModelFile): readonly string[] {
  const graphs = [graph, ...bodiesWithin(graph.nodes)];
  const vectors = new Set(graphs.flatMap(vectorsOf));
  const nodes = graphs.flatMap((body) => body.nodes);
  const hasProduct = nodes.some(({ operator, inputs }) => operator === 'MatMul' && vectors.has(inputs[1]!));
  return hasProduct ? ['MatmulTransposeFusion'] : [];
}

/** The tensors of one dimension, as far as the file tells. */
function vectorsOf({ initializers, inputs, values, nodes }: Graph): readonly string[] {
  const told = [...initializers, ...inputs, ...values].filter(({ shape }) => shape?.length === 1);
  const constants = nodes.filter(({ operator }) => operator === 'Constant');
  return [...told.map(({ name }) => name), ...constants.flatMap(({ outputs }) => outputs)];
}
