import { type Manifest, RepositoryError } from '#models';
import { inputsWithoutShape, type ModelFile, type ModelSource, rankByOperators } from '#onnx';
import { DYNAMIC } from '#tensor';

/**
 * Adds the shapes of inputs that the model's file leaves out: as the operators that read them expect, or else as the
 * manifest says. The runtime would take such inputs for scalars, which crash some of its kernels.
 *
 * @throws RepositoryError if neither gives a shape
 */
export function withInputShapes(model: ModelSource, manifest: Manifest): ModelSource {
  const names = inputsWithoutShape(model.file);
  if (names.length === 0) return model;
  const shapes = names.map((name) => {
    const shape = byOperators(model.file, name) ?? byFeatures(manifest, name, names.length);
    if (shape === undefined) throw new RepositoryError(unknown(model.path, name));
    return [name, shape] as const;
  });
  const inputShapes = new Map(shapes);
  return { ...model, inputShapes, file: told(model.file, inputShapes) };
}

/** The file with the shapes added. */
function told(file: ModelFile, shapes: ReadonlyMap<string, readonly number[]>): ModelFile {
  const inputs = file.graph.inputs.map((input) => {
    const shape = shapes.get(input.name)?.map((size) => (size === DYNAMIC ? undefined : size));
    return shape === undefined ? input : { ...input, shape };
  });
  return { ...file, graph: { ...file.graph, inputs } };
}

function byOperators(file: ModelFile, input: string): readonly number[] | undefined {
  const rank = rankByOperators(file, input);
  return rank === undefined ? undefined : new Array<number>(rank).fill(DYNAMIC);
}

function byFeatures({ features = [], rows }: Manifest, input: string, inputs: number): readonly number[] | undefined {
  const feeding = features.filter((feature) => (feature.input ?? (inputs === 1 ? input : feature.name)) === input);
  // Features beside each other are the columns of a row.
  if (feeding.length > 1) return [DYNAMIC, feeding.length];
  const shape = feeding[0]?.shape;
  if (shape === undefined) return undefined;
  return rows === 'none' ? shape : [DYNAMIC, ...shape];
}

function unknown(path: string, input: string): string {
  return (
    `${path}: its input "${input}" has no declared shape, and no operator that it goes to tells how many dimensions it has. ` +
    'Export the model with the shapes of its inputs, or write that of one row in model.json, with -1 for a dimension of any size: ' +
    `"features": [{"name": "${input}", "shape": [-1]}].`
  );
}
