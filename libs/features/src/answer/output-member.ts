import { DYNAMIC, type TensorSpec } from '#tensor';
import { FeatureError, isFloat } from '../feature.ts';
import type { Activation } from './class-table.ts';
import type { Label } from './output-cells.ts';
import type { OutputKind, OutputWish, PredictionOptions, ShownOutput } from './output-options.ts';

/** A member of the answer with the unchanged values of an output. */
export interface PlainOutput {
  readonly key: string;
  readonly spec: TensorSpec;
  readonly kind: OutputKind;
  readonly labels?: readonly Label[] | undefined;
  readonly title?: string | undefined;
  readonly unit?: string | undefined;
}

/** A member with a value for each class: an output [N, classes]. */
export interface ClassOutput extends PlainOutput {
  readonly kind: 'probabilities' | 'scores';
  readonly activation?: Activation | undefined;
  /** Whether the only column is the probability of the second of two labels. */
  readonly isBinary: boolean;
  /** Whether several labels may apply to a row. */
  readonly hasManyLabels: boolean;
  readonly threshold?: number | undefined;
}

/** The manifest's options for a key, and its output. */
export interface Wish extends OutputWish {
  readonly key: string;
  readonly spec: TensorSpec;
}

/**
 * Decides what a key of the answer is.
 * @throws FeatureError for labels, activations and thresholds that do not fit the output
 */
export function memberOf(wish: Wish, options: PredictionOptions): PlainOutput | ClassOutput {
  const { key, spec, title, unit } = wish;
  const kind = wish.as ?? (wish.activation === undefined ? kindOfKey(key) : 'probabilities');
  if (kind === 'probabilities' || kind === 'scores') return classesOf({ ...wish, as: kind }, options);
  if (wish.activation !== undefined || wish.threshold !== undefined)
    throw new FeatureError(`"outputs.${key}" does not hold probabilities, so it takes no activation and no threshold.`);
  return { key, spec, kind, labels: wish.labels, title, unit };
}

/** The values of classes, or one number per row if there is a single column without a second label. */
function classesOf(
  wish: Wish & { readonly as: ClassOutput['kind'] },
  options: PredictionOptions,
): PlainOutput | ClassOutput {
  const { key, spec, as: kind, activation, threshold, title, unit } = wish;
  if (!isTable(spec))
    throw new FeatureError(`Output ${describeOutput(spec)} cannot be the ${kind}: a float output [N, classes] can.`);
  const columns = spec.shape[1]!;
  if (columns === 1 && activation === 'softmax')
    throw new FeatureError(`"outputs.${key}": softmax of one column is always 1. A lone logit takes "sigmoid".`);
  const shown = options.shown?.get(spec.name);
  const labels = wish.labels ?? options.labels ?? labelsFor(columns, shown);
  const isBinary = columns === 1 && labels?.length === 2 && kind === 'probabilities';
  if (columns === 1 && !isBinary) return { key, spec, kind, title, unit };
  requireLabels(labels, spec, isBinary ? 2 : columns);
  const hasManyLabels = !isBinary && isOfEach(activation, shown);
  if (threshold !== undefined) requireTwoOrMany(key, hasManyLabels, isBinary ? 2 : columns);
  return { key, spec, kind, labels, title, unit, activation, isBinary, hasManyLabels, threshold };
}

/** Whether each value is an independent probability. */
const isOfEach = (activation: Activation | undefined, shown: ShownOutput | undefined): boolean =>
  activation === undefined ? shown?.probabilities === 'each' : activation === 'sigmoid';

export const isClasses = (member: PlainOutput | ClassOutput): member is ClassOutput => 'isBinary' in member;

export const isTable = ({ datatype, shape }: TensorSpec): boolean => isFloat(datatype) && shape.length === 2;

export const isOneValue = ({ shape }: TensorSpec): boolean =>
  shape.length === 1 || (shape.length === 2 && shape[1] === 1);

export const isLabel = (output: TensorSpec): boolean =>
  !isFloat(output.datatype) && output.datatype !== 'BOOL' && isOneValue(output);

const kindOfKey = (key: string): OutputKind => (key === 'probabilities' || key === 'scores' ? key : 'value');

function labelsFor(columns: number, shown: ShownOutput | undefined): readonly Label[] | undefined {
  const labels = shown?.labels;
  return labels !== undefined && (columns === labels.length || columns === DYNAMIC) ? labels : undefined;
}

const describeOutput = ({ name, datatype, shape }: TensorSpec): string => `${name} (${datatype} [${shape.join(', ')}])`;

function requireLabels(labels: readonly Label[] | undefined, { name }: TensorSpec, columns: number): void {
  if (labels === undefined) return;
  if (new Set(labels.map(String)).size < labels.length)
    throw new FeatureError('Two labels are the same: each class needs its own.');
  if (columns !== DYNAMIC && columns !== labels.length)
    throw new FeatureError(`There are ${labels.length} labels for the ${columns} classes of output ${name}.`);
}

function requireTwoOrMany(key: string, hasManyLabels: boolean, columns: number): void {
  if (hasManyLabels || columns === 2) return;
  throw new FeatureError(
    `"outputs.${key}.threshold" needs two classes, or a probability for each label by itself (activation "sigmoid").`,
  );
}
