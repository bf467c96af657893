import type { Attribute, Graph } from './model-file.ts';

/** The graphs in an attribute: the bodies of an If, Loop or Scan. */
export function graphsIn(value: Attribute): readonly Graph[] {
  const values = Array.isArray(value) ? (value as readonly Attribute[]) : [value];
  return values.filter((item): item is Graph => typeof item === 'object' && 'nodes' in item);
}
