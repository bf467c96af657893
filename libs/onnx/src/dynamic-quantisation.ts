import { bodiesWithin } from './model-file/inner-graphs.ts';
import type { ModelFile } from './model-file/model-file.ts';

/** The operators of a model that work out the scales of its activations in each run. */
export function dynamicQuantisation({ graph, functions }: ModelFile): readonly string[] {
  const bodies = [graph, ...functions].flatMap((body) => [body, ...bodiesWithin(body.nodes)]);
  const operators = bodies.flatMap(({ nodes }) => nodes.map(({ operator }) => operator));
  return [...new Set(operators.filter((operator) => operator.startsWith('DynamicQuantize')))];
}
