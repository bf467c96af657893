import { DYNAMIC, type TensorSpec } from '#tensor';
import { DetectionOptionsError } from './detection-options.ts';

/** Floats, in as many dimensions; without a shape in the file, they are seen when the model runs. */
export const isFloat = ({ datatype, shape }: TensorSpec, rank: number): boolean =>
  datatype.startsWith('FP') && shape.length === rank;

/** A list of so many numbers each, of one picture or of several. */
export const isList = (output: TensorSpec, width: number): boolean =>
  (isFloat(output, 2) || isFloat(output, 3)) && [width, DYNAMIC].includes(output.shape.at(-1)!);

/** @throws DetectionOptionsError where the model has no output of the name */
export function named(name: string, outputs: readonly TensorSpec[]): TensorSpec {
  const found = outputs.find((output) => output.name === name);
  if (found !== undefined) return found;
  throw new DetectionOptionsError(
    `The model has no output ${name}, which "detection.outputs" names: it has ${shown(outputs)}.`,
  );
}

export const shown = (outputs: readonly TensorSpec[]): string =>
  outputs.map(({ name, datatype, shape }) => `${name} (${datatype} [${shape.join(', ')}])`).join(', ');
