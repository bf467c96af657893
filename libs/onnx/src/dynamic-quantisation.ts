import { graphsIn } from './model-file/inner-graphs.ts';
import type { ModelFile, Node } from './model-file/model-file.ts';

/** The operators of a model that work out the scales of its activations in each run. */
export function dynamicQuantisation({ graph, functions }: ModelFile): readonly string[] {
  const nodes = [graph, ...functions].flatMap((body) => withInner(body.nodes));
  const operators = nodes.map(({ operator }) => operator).filter((operator) => operator.startsWith('DynamicQuantize'));
  return [...new Set(operators)];
}

function withInner(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => {
    const bodies = [...node.attributes.values()].flatMap(graphsIn);
    return [node, ...bodies.flatMap((body) => withInner(body.nodes))];
  });
}
