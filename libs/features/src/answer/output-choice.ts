import type { Detector } from '#detections';
import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { FeatureError } from '../feature.ts';
import type { Label } from './output-cells.ts';
import {
  type ClassOutput,
  isClasses,
  isLabel,
  isOneValue,
  isTable,
  memberOf,
  type PlainOutput,
  type Wish,
} from './output-member.ts';
import type { OutputWish, PredictionOptions } from './output-options.ts';

type Labels = readonly Label[] | undefined;

/** The outputs of the answer. Without an output for the prediction, it is derived from the classes. */
export interface OutputChoice {
  readonly prediction: PlainOutput | undefined;
  /** The classes, one of which is the prediction. */
  readonly classes: ClassOutput | undefined;
  /** The other outputs that the manifest names, in its order. */
  readonly others: readonly (PlainOutput | ClassOutput)[];
}

/**
 * Chooses the outputs that the manifest does not name. An output [N, classes] of floats has the classes in three cases:
 * the prediction's output has one label per row, as scikit-learn's converters write it; the manifest has labels, and
 * the sizes match; or it is the first output, and the model file has labels. Its values are probabilities if the model
 * shows that, otherwise scores. The prediction is the first other output.
 * @throws FeatureError for names, labels and thresholds that do not fit the model
 */
export function chooseOutputs(signature: Signature, options: PredictionOptions): OutputChoice {
  const wishes = wishesOf(options, signature);
  const said = wishes.find(({ key }) => key === 'prediction');
  const named = wishes.filter(({ key }) => key !== 'prediction').map((wish) => memberOf(wish, options));
  const saidClasses =
    named.find((member) => isClasses(member) && member.kind === 'probabilities') ?? named.find(isClasses);
  const likely = saidClasses === undefined ? likelyClasses(signature, said?.spec, wishes, options) : undefined;
  const found = saidClasses ?? (likely && memberOf(keyOf(likely, options), options));
  const classes = found !== undefined && isClasses(found) ? found : undefined;
  // One number per row is not a table of classes, but the answer has it beside the label.
  const lone = found !== undefined && classes === undefined ? [found] : [];
  const wished = [...lone, ...named.filter((member) => member !== classes)];
  const taken = new Set([classes?.spec, ...wished.map(({ spec }) => spec)]);
  const output = said?.spec ?? predictionAmong(signature, taken, classes);
  const others =
    options.outputs === undefined ? [...wished, ...further(signature, taken.add(output), options)] : wished;
  const prediction = output && predictionOf(output, said, classes?.labels ?? options.labels);
  const choice = { prediction: classes?.threshold === undefined ? prediction : said && prediction, classes, others };
  check(choice, options);
  return choice;
}

/** A detector's answer has only the objects. */
export function chooseDetections({ outputs: [name] }: Detector, signature: Signature, labels: Labels): OutputChoice {
  const prediction = { key: 'detections', spec: outputNamed(name!, signature), kind: 'detections', labels } as const;
  return { prediction, classes: undefined, others: [] };
}

/** @param known the known labels of the classes */
function predictionOf(spec: TensorSpec, said: Wish | undefined, known: readonly Label[] | undefined): PlainOutput {
  const labels = said?.labels ?? known;
  const isClass = isLabel(spec) && (labels !== undefined || spec.datatype === 'BYTES');
  return { ...said, key: 'prediction', spec, kind: said?.as ?? (isClass ? 'label' : 'value'), labels };
}

function wishesOf({ outputs = {} }: PredictionOptions, signature: Signature): readonly Wish[] {
  return Object.entries(outputs).map(([key, said]) => {
    const wish = typeof said === 'string' ? { from: said } : said;
    return { ...wish, key, spec: outputNamed(wish.from, signature) };
  });
}

function outputNamed(name: string, { outputs }: Signature): TensorSpec {
  const found = outputs.find((output) => output.name === name);
  if (found === undefined) {
    throw new FeatureError(
      `The model has no output ${name}: it has ${outputs.map((output) => output.name).join(', ')}.`,
    );
  }
  return found;
}

/** Without a key in the manifest, what the model shows decides it. */
function keyOf(spec: TensorSpec, { shown }: PredictionOptions): Wish {
  const key = shown?.get(spec.name)?.probabilities === undefined ? 'scores' : 'probabilities';
  return { key, spec, from: spec.name };
}

/** If the manifest names no output: outputs with one value per row, or with known classes, under their own names. */
function further(
  { outputs }: Signature,
  taken: ReadonlySet<TensorSpec | undefined>,
  options: PredictionOptions,
): (PlainOutput | ClassOutput)[] {
  const free = outputs.filter((output) => !taken.has(output) && KEY.test(output.name) && !TAKEN.has(output.name));
  return free.flatMap((spec): (PlainOutput | ClassOutput)[] => {
    const wish = { key: spec.name, spec, from: spec.name };
    const { labels, probabilities } = options.shown?.get(spec.name) ?? {};
    if (isTable(spec) && labels !== undefined && probabilities !== undefined)
      return [memberOf({ ...wish, as: 'probabilities', labels }, options)];
    return isOneValue(spec) ? [memberOf({ ...wish, as: 'value' }, options)] : [];
  });
}

/** The allowed keys of members, as in model.schema.json. */
const KEY = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const TAKEN: ReadonlySet<string> = new Set([
  'prediction',
  'model',
  'warnings',
  'error',
  'probability',
  'score',
  'scores',
  'probabilities',
]);

function likelyClasses(
  { outputs }: Signature,
  prediction: TensorSpec | undefined,
  wishes: readonly Wish[],
  { labels, shown }: PredictionOptions,
): TensorSpec | undefined {
  const named = new Set(wishes.map(({ spec }) => spec));
  const tables = outputs.filter((output) => !named.has(output) && isTable(output));
  const first = prediction ?? outputs.find((output) => !named.has(output));
  if (first !== undefined && isLabel(first)) return tables[0];
  const isOfTwo = ({ name, shape }: TensorSpec): boolean =>
    labels?.length === 2 && shape[1] === 1 && shown?.get(name)?.probabilities === 'each';
  if (labels === undefined)
    return tables.find((table) => table === first && shown?.get(table.name)?.labels !== undefined);
  return tables.find((table) => [DYNAMIC, labels.length].includes(table.shape[1]!) || isOfTwo(table));
}

/** An output with no other use. If there are classes, it must be able to hold their labels or values. */
function predictionAmong(
  { outputs }: Signature,
  taken: ReadonlySet<TensorSpec | undefined>,
  classes: ClassOutput | undefined,
): TensorSpec | undefined {
  const free = outputs.filter((output) => !taken.has(output));
  if (classes === undefined) return free[0];
  return free.find(isLabel) ?? free.find(isOneValue);
}

function check({ prediction, classes, others }: OutputChoice, { labels, outputs }: PredictionOptions): void {
  if (prediction === undefined && classes === undefined) {
    throw new FeatureError(
      `"outputs" leaves no output for the prediction, and "${others.map(({ key }) => key).join('", "')}" has no classes ` +
        'to derive it from: name the output as "prediction".',
    );
  }
  if (classes?.threshold !== undefined && prediction !== undefined) {
    throw new FeatureError(
      `"outputs" has an output for the prediction and a threshold for "${classes.key}": remove one of them.`,
    );
  }
  if (labels === undefined || classes !== undefined || Object.values(outputs ?? {}).some(hasLabels)) return;
  if (prediction !== undefined && isLabel(prediction.spec)) return;
  throw new FeatureError(
    `The ${labels.length} labels fit no output of the model: an output [N, ${labels.length}] of floats, or one of whole ` +
      'numbers. A lone column for two labels needs {"outputs": {"probabilities": {"from": …, "activation": "sigmoid"}}}.',
  );
}

const hasLabels = (said: string | OutputWish): boolean => typeof said !== 'string' && said.labels !== undefined;
