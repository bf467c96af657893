import { DYNAMIC, type TensorSpec } from '#tensor';
import { DetectionOptionsError } from './detection-options.ts';

/** Whether an output has floats in this number of dimensions. If the file has no shape, test runs show it. */
export const isFloat = ({ datatype, shape }: TensorSpec, rank: number): boolean =>
  datatype.startsWith('FP') && shape.length === rank;

/** Whether an output is a list of items with this many numbers, for one picture or several. */
export const isList = (output: TensorSpec, width: number): boolean =>
  (isFloat(output, 2) || isFloat(output, 3)) && [width, DYNAMIC].includes(output.shape.at(-1)!);

/** @throws DetectionOptionsError if the model has no output with the name */
export function named(name: string, outputs: readonly TensorSpec[]): TensorSpec {
  const found = outputs.find((output) => output.name === name);
  if (found !== undefined) return found;
  throw new DetectionOptionsError(
    `The model has no output ${name}, which "detection.outputs" names: it has ${shown(outputs)}.`,
  );
}

export const shown = (outputs: readonly TensorSpec[]): string =>
  outputs.map(({ name, datatype, shape }) => `${name} (${datatype} [${shape.join(', ')}])`).join(', ');
