import type { DeclaredFeature } from '#features';
import { type ModelFile, readMetadata } from '#onnx';
import type { Signature } from '#tensor';

/** What LightGBM calls columns that it was given no names for. */
const isCounted = (name: string, at: number): boolean => name === `Column_${at}`;

/** The columns of a model's one input by the names that its file has for them; undefined where it has none that fit. */
export function columnsByFile(file: ModelFile, { inputs }: Signature): readonly DeclaredFeature[] | undefined {
  const { features: names } = readMetadata(file);
  const [input, another] = inputs;
  if (names === undefined || another !== undefined || names.every(isCounted) || input?.shape.length !== 2)
    return undefined;
  return input.shape[1] === names.length ? names.map((name) => ({ name })) : undefined;
}
