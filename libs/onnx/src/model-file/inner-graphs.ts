import type { Attribute, Graph, Node } from './model-file.ts';

/** The graphs in an attribute: the bodies of an If, Loop or Scan. */
export function graphsIn(value: Attribute): readonly Graph[] {
  const values = Array.isArray(value) ? (value as readonly Attribute[]) : [value];
  return values.filter((item): item is Graph => typeof item === 'object' && 'nodes' in item);
}

/** All bodies within nodes, and within their nodes. */
export function bodiesWithin(nodes: readonly Node[]): readonly Graph[] {
  const bodies = nodes.flatMap(({ attributes }) => [...attributes.values()].flatMap(graphsIn));
  return bodies.flatMap((body) => [body, ...bodiesWithin(body.nodes)]);
}
