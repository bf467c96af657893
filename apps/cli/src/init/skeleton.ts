import { type ModelVersion, UNSERVED } from '#engine';
import { FeatureError, PredictionWriter, resolveFeatures, RowReader } from '#features';
import type { Manifest, ManifestFeature } from '#models';
import { readMetadata } from '#onnx';
import type { Signature, TensorSpec } from '#tensor';
import type { TextTask } from '#text';
import { Failure } from '../exit.ts';
import { labelsOf, taskOf } from './answers.ts';
import { type ColumnSummary, valueOf } from './column.ts';
import type { DataSummary } from './data.ts';
import { detectorManifest } from './detector.ts';
import { imageOf } from './image.ts';

/** An input with more columns than this is one feature: nobody names that many. */
const MAX_NAMED_COLUMNS = 256;

const ABOUT_DETECTORS =
  'Add a title and a description. Try thresholds on your own pictures: ?threshold= and ?overlap= set them for one request.';

/** A manifest, with notes on what is left for the user to do. */
export interface Skeleton {
  readonly manifest: Manifest;
  readonly notes: readonly string[];
}

/** A model that was loaded without a manifest. */
type BareModel = Pick<
  ModelVersion,
  'signature' | 'features' | 'writer' | 'source' | 'unservedOutputs' | 'manifest' | 'detector' | 'text'
>;

/**
 * A manifest from the model's file, its outputs and the data. Checks it against the signature, as loading it will.
 * @throws Failure if the data does not fit the model
 */
export function skeletonOf(
  name: string,
  model: BareModel,
  data: DataSummary | undefined,
  { target, drop = [] }: ColumnChoice = {},
): Skeleton {
  const ofDetector = detectorManifest(name, model);
  if (ofDetector !== undefined) return { manifest: ofDetector, notes: [ABOUT_DETECTORS] };
  if (model.text !== undefined) return textSkeletonOf(name, model.text.plan.task);
  const { signature } = model;
  const columns = data && columnsTaken(data, { target, drop }, signature);
  const image = imageOf(signature, model.source);
  const features = image === undefined ? featuresOf(model, columns) : undefined;
  const labels = labelsOf(
    model,
    data?.columns.find(({ name }) => name === target),
  );
  const examples = features && data && examplesOf(features, data);
  const manifest: Manifest = {
    title: name,
    task: image === undefined ? taskOf(model) : 'image',
    ...(features && { features: [...features] }),
    ...(target !== undefined && { target: { name: target } }),
    ...(labels && { labels: [...labels] }),
    ...(image && { image }),
    ...(examples && examples.length > 0 && { examples: [...examples] }),
  };
  check(manifest, signature);
  const decided = columns === undefined ? [] : [decidedOn(columns, { target, drop })];
  return { manifest, notes: [...decided, ...notesOf(manifest, model, data)] };
}

/** The other files of a text model's folder give its tokenizer, labels and post-processing. */
function textSkeletonOf(title: string, task: TextTask): Skeleton {
  const note = 'Add a title and a description. Its "text" overrides the other files of the folder.';
  return { manifest: { title, task }, notes: [note] };
}

/** The user's options for the data's columns. */
interface ColumnChoice {
  readonly target?: string | undefined;
  readonly drop?: readonly string[] | undefined;
}

/** Tells the user what each column of the data was used for. */
function decidedOn(taken: readonly ColumnSummary[], { target, drop = [] }: ColumnChoice): string {
  const others = [target !== undefined && `predicted: ${target}`, drop.length > 0 && `dropped: ${drop.join(', ')}`];
  return `${[`Columns taken: ${namesOf(taken)}`, ...others.filter(Boolean)].join('; ')}.`;
}

/** The columns of the data that are neither the target nor dropped. */
function columnsTaken(
  { columns }: DataSummary,
  { target, drop = [] }: ColumnChoice,
  signature: Signature,
): readonly ColumnSummary[] {
  const left = [...(target === undefined ? [] : [target]), ...drop];
  const unknown = left.find((one) => !columns.some(({ name }) => name === one));
  if (unknown !== undefined)
    throw new Failure(`The data has no column ${unknown}. Its columns are ${namesOf(columns)}.`);
  const taken = columns.filter(({ name }) => !left.includes(name));
  const wide = signature.inputs.find((input) => (widthOf(input) ?? 1) > 1);
  const width = wide && widthOf(wide);
  if (signature.inputs.length === 1 && width !== undefined && taken.length !== width) {
    const [one, some] = [
      'Name the column that the model predicts with --target',
      'those that it does not take with --drop',
    ];
    const hint = taken.length <= width ? '' : target === undefined ? ` ${one}, ${some}.` : ` Name ${some}.`;
    throw new Failure(
      `The data has ${taken.length} columns (${namesOf(taken)}), and the model takes ${width}.${hint} The columns must be those of ${wide!.name}, in the same order.`,
    );
  }
  return taken;
}

/**
 * The features of a single input with several columns have the names in the data, or else those in the file, or else
 * numbers. Other features have the names of their inputs.
 */
function featuresOf(
  { signature: { inputs }, features: known }: BareModel,
  columns: readonly ColumnSummary[] | undefined,
): readonly ManifestFeature[] | undefined {
  if (inputs.some((input) => widthOf(input) === undefined)) return undefined;
  const single = inputs.length === 1;
  return inputs.flatMap((input) => {
    const width = widthOf(input)!;
    const type = typeOf(input);
    if (width === 1) {
      const column = single ? columns?.[0] : columns?.find(({ name }) => name === input.name);
      const name = column?.name ?? (single ? known[0]!.name : input.name);
      return [{ name, type, ...(name !== input.name && { input: input.name }), ...column?.describe(type) }];
    }
    return Array.from({ length: width }, (_, at) => {
      const column = single ? columns?.[at] : columns?.find(({ name }) => name === `${input.name}_${at + 1}`);
      const byFile = single && known.length === width ? known[at]!.name : undefined;
      const name = column?.name ?? byFile ?? `${input.name}_${at + 1}`;
      return { name, type, ...(!single && { input: input.name }), ...column?.describe(type) };
    });
  });
}

/** How many scalars one row of an input has; undefined if a row is a tensor, or its length is open or too great. */
function widthOf({ shape }: TensorSpec): number | undefined {
  if (shape.length < 2) return 1;
  const [, width] = shape;
  return shape.length === 2 && width! > 0 && width! <= MAX_NAMED_COLUMNS ? width! : undefined;
}

function typeOf({ datatype }: TensorSpec): NonNullable<ManifestFeature['type']> {
  if (datatype === 'BYTES') return 'string';
  if (datatype === 'BOOL') return 'boolean';
  return datatype.startsWith('FP') ? 'number' : 'integer';
}

/** The data's first rows as records, without those that have a value of a wrong type. */
function examplesOf(
  features: readonly ManifestFeature[],
  { columns, firstRows }: DataSummary,
): readonly Record<string, unknown>[] {
  const names = columns.map(({ name }) => name);
  if (features.some(({ name }) => !names.includes(name))) return [];
  const records = firstRows.map((cells) =>
    features.map(({ name, type }) => [name, valueOf(cells[names.indexOf(name)]!, type!)] as const),
  );
  return records
    .filter((entries) => entries.every(([, value]) => value !== undefined && value !== ''))
    .map((entries) => Object.fromEntries(entries));
}

/** Checks a manifest as loading does, so that the error is the same. */
function check({ features, labels, examples, image }: Manifest, signature: Signature): void {
  try {
    const resolved = resolveFeatures(features, signature);
    new PredictionWriter(signature, labels && { labels });
    if (image === undefined && examples !== undefined)
      new RowReader(resolved, signature, { maxRows: examples.length }).readRecords(examples);
  } catch (error) {
    if (error instanceof FeatureError || (error instanceof Error && error.name === 'PredictionError'))
      throw new Failure(`The data does not fit the model: ${error.message}`, { cause: error });
    throw error;
  }
}

function notesOf(
  manifest: Manifest,
  { writer, source, unservedOutputs }: BareModel,
  data: DataSummary | undefined,
): readonly string[] {
  const notes = ['Add a title and a description, and units and titles of the features.'];
  const { labels: written, picture } = readMetadata(source.file);
  for (const output of unservedOutputs) notes.push(`The output ${output} is not served. ${UNSERVED}`);
  if (manifest.image !== undefined && picture === undefined)
    notes.push(
      'The model does not say how training prepared pictures: set "scale", "mean", "deviation" and "fit" of the image, or "preset" to "torchvision", "yolo" or "clip".',
    );
  if (data === undefined && manifest.features !== undefined)
    notes.push('Add --data to take names, ranges and examples from a CSV file.');
  if (manifest.labels?.some((label, index) => label !== writer.labels?.[index]) === true)
    notes.push("The labels are sorted, as scikit-learn orders them. Check that this is the model's order.");
  else if (manifest.labels === undefined && writer.classifies)
    notes.push('List the classes as "labels", in the order of the probabilities.');
  if (written !== undefined && manifest.labels === undefined)
    notes.push(
      `The file names ${written.length} classes or characters, but no output of shape [N, ${written.length}] has one value for each. ` +
        'Nestor answers with the output tensors, and your program interprets them.',
    );
  return notes;
}

function namesOf(columns: readonly ColumnSummary[]): string {
  const names = columns.slice(0, 20).map(({ name }) => name);
  return names.join(', ') + (columns.length > names.length ? ', …' : '');
}
