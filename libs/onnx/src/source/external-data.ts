import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Attribute, Graph, ModelFile, Node, StoredTensor } from '../model-file/model-file.ts';
import { ModelLoadError } from '../model-load-error.ts';

/**
 * The external files that hold a model's weights, sorted by path.
 * @throws ModelLoadError if one is outside the model's folder: a model must not reach the files of others
 */
export function externalPaths(path: string, { graph, functions }: ModelFile): string[] {
  const locations = new Set<string>();
  collect(graph, locations);
  for (const { nodes } of functions) collectNodes(nodes, locations);
  const folder = dirname(path);
  return [...locations].sort().map((location) => {
    const found = join(folder, location);
    const way = relative(folder, found);
    if (isAbsolute(location) || way === '..' || way.startsWith('../'))
      throw new ModelLoadError(
        path,
        `its weights are said to lie at ${JSON.stringify(location)}, outside its folder. ` +
          'Put the data file beside the .onnx file, and save the model with that name in it.',
      );
    return found;
  });
}

function collect({ initializers, nodes }: Graph, locations: Set<string>): void {
  for (const tensor of initializers) add(tensor, locations);
  collectNodes(nodes, locations);
}

function collectNodes(nodes: readonly Node[], locations: Set<string>): void {
  for (const { attributes } of nodes) for (const value of attributes.values()) collectAttribute(value, locations);
}

function collectAttribute(value: Attribute, locations: Set<string>): void {
  if (Array.isArray(value)) for (const item of value as readonly Attribute[]) collectAttribute(item, locations);
  else if (typeof value !== 'object') return;
  else if ('nodes' in value) collect(value, locations);
  else if ('elementType' in value) add(value, locations);
}

function add({ location }: StoredTensor, locations: Set<string>): void {
  if (location !== undefined) locations.add(location);
}
