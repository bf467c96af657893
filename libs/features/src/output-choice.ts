import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { FeatureError, isFloat } from './feature.ts';
import type { Label } from './output-cells.ts';

/** What a manifest says of a model's answers. */
export interface PredictionOptions {
  /** The output that is the prediction. */
  readonly prediction?: string;
  /** The output [N, classes] that holds the probabilities. */
  readonly probabilities?: string;
  /** The classes, in the order of the probabilities. */
  readonly labels?: readonly Label[];
}

/** Which outputs are answered; without one for the prediction, it is the most probable class. */
export interface OutputChoice {
  readonly prediction: TensorSpec | undefined;
  readonly probabilities: TensorSpec | undefined;
}

/**
 * Chooses the outputs that the manifest does not name. An output [N, classes] of floats holds probabilities if the
 * prediction's output is a label a row, as scikit-learn's converters write it, or if the manifest has labels and the
 * sizes fit; the prediction is the first other output.
 * @throws FeatureError for names and labels that do not fit the model
 */
export function chooseOutputs(signature: Signature, options: PredictionOptions): OutputChoice {
  const named = outputNamed(options.prediction, signature);
  const probabilities =
    outputNamed(options.probabilities, signature) ?? likelyProbabilities(signature, named, options.labels);
  const prediction = named ?? signature.outputs.find((output) => output !== probabilities);
  if (probabilities !== undefined && !isTable(probabilities)) {
    throw new FeatureError(
      `Output ${describeOutput(probabilities)} cannot be the probabilities: a float output [N, classes] can.`,
    );
  }
  checkLabels(options.labels, probabilities);
  return { prediction, probabilities };
}

const describeOutput = ({ name, datatype, shape }: TensorSpec): string => `${name} (${datatype} [${shape.join(', ')}])`;

function outputNamed(name: string | undefined, { outputs }: Signature): TensorSpec | undefined {
  if (name === undefined) return undefined;
  const found = outputs.find((output) => output.name === name);
  if (found === undefined) {
    throw new FeatureError(
      `The model has no output ${name}: it has ${outputs.map((output) => output.name).join(', ')}.`,
    );
  }
  return found;
}

const isTable = ({ datatype, shape }: TensorSpec): boolean => isFloat(datatype) && shape.length === 2;

const isLabel = ({ datatype, shape }: TensorSpec): boolean =>
  !isFloat(datatype) && datatype !== 'BOOL' && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));

function likelyProbabilities(
  { outputs }: Signature,
  named: TensorSpec | undefined,
  labels: readonly Label[] | undefined,
): TensorSpec | undefined {
  const tables = outputs.filter((output) => output !== named && isTable(output));
  const first = named ?? outputs[0];
  if (first !== undefined && isLabel(first)) return tables[0];
  return labels && tables.find(({ shape }) => shape[1] === DYNAMIC || shape[1] === labels.length);
}

function checkLabels(labels: readonly Label[] | undefined, probabilities: TensorSpec | undefined): void {
  if (labels === undefined) return;
  if (new Set(labels.map(String)).size < labels.length)
    throw new FeatureError('Two labels are the same: each class needs its own.');
  const classes = probabilities?.shape[1] ?? DYNAMIC;
  if (classes !== DYNAMIC && classes !== labels.length) {
    throw new FeatureError(
      `There are ${labels.length} labels for the ${classes} classes of output ${probabilities!.name}.`,
    );
  }
}
