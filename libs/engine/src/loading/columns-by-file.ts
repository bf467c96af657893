import type { DeclaredFeature } from '#features';
import { type ModelFile, readMetadata } from '#onnx';
import type { Signature } from '#tensor';

/** Whether a name is LightGBM's default for a column without a name. */
const isCounted = (name: string, at: number): boolean => name === `Column_${at}`;

/** The columns of a model's only input, with the names in its file; undefined if the file has none that fit. */
export function columnsByFile(file: ModelFile, { inputs }: Signature): readonly DeclaredFeature[] | undefined {
  const { features: names } = readMetadata(file);
  const [input, another] = inputs;
  if (names === undefined || another !== undefined || names.every(isCounted) || input?.shape.length !== 2)
    return undefined;
  return input.shape[1] === names.length ? names.map((name) => ({ name })) : undefined;
}
