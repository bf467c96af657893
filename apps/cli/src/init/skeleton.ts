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

/** Inputs of more columns than this are taken whole: nobody names so many. */
const MAX_NAMED_COLUMNS = 256;

const ABOUT_DETECTORS =
  'Give it a title and a description, and try its thresholds on pictures of yours: ?threshold= and ?overlap= change them for a request.';

/** A manifest, with what is left for people to see to, a sentence each. */
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
 * A manifest that fits a model, as far as its file, its answers and the data tell. What it says is held against the
 * signature here, as it will be when it is loaded.
 * @throws Failure where the data does not fit the model
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

/** A text model's folder says the rest: how texts are read, labels, what is made of the answers. */
function textSkeletonOf(title: string, task: TextTask): Skeleton {
  const note = 'Give it a title and a description. "text" in it overrides what the other files of the folder say.';
  return { manifest: { title, task }, notes: [note] };
}

/** What the caller says of the data's columns. */
interface ColumnChoice {
  readonly target?: string | undefined;
  readonly drop?: readonly string[] | undefined;
}

/** What each column of the data is taken for. */
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
  if (unknown !== undefined) throw new Failure(`The data has no column ${unknown}: it has ${namesOf(columns)}.`);
  const taken = columns.filter(({ name }) => !left.includes(name));
  const wide = signature.inputs.find((input) => (widthOf(input) ?? 1) > 1);
  const width = wide && widthOf(wide);
  if (signature.inputs.length === 1 && width !== undefined && taken.length !== width) {
    const [one, some] = [
      'Name the one that is predicted with --target',
      'those that the model does not take with --drop',
    ];
    const hint = taken.length <= width ? '' : target === undefined ? ` ${one}, ${some}.` : ` Name ${some}.`;
    throw new Failure(
      `The data has ${taken.length} columns, and the model takes ${width}: ${namesOf(taken)}.${hint} The columns must be those of ${wide!.name}, in its order.`,
    );
  }
  return taken;
}

/**
 * Features of one input of several columns are named by the data, else by the file, else by number; others are named as
 * their inputs.
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

/** Scalars in one row of an input; undefined where a row holds a tensor, or nobody says how much. */
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

/** The data's first rows as records, as far as every value is one of its feature's type. */
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

/** As when it is loaded: what does not fit is told by the same sentences. */
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
  const notes = ['Give it a title and a description, and features their units and titles.'];
  const { labels: written, picture } = readMetadata(source.file);
  for (const output of unservedOutputs) notes.push(`The output ${output} is not served. ${UNSERVED}`);
  if (manifest.image !== undefined && picture === undefined)
    notes.push(
      'Set "scale", "mean", "deviation" and "fit" of the image to what training used, or "preset" to "torchvision", "yolo" or "clip": the model does not say.',
    );
  if (data === undefined && manifest.features !== undefined)
    notes.push('With --data, names, ranges and examples come from the columns of a CSV file.');
  if (manifest.labels?.some((label, index) => label !== writer.labels?.[index]) === true)
    notes.push("The labels are in the order in which scikit-learn puts them (sorted): check that it is the model's.");
  else if (manifest.labels === undefined && writer.classifies)
    notes.push('List the classes as "labels", in the order of the probabilities.');
  if (written !== undefined && manifest.labels === undefined)
    notes.push(
      `The file names ${written.length} classes or characters, and no output [N, ${written.length}] has one value for each: ` +
        'its outputs are answered as tensors, and what is read off them is yours.',
    );
  return notes;
}

function namesOf(columns: readonly ColumnSummary[]): string {
  const names = columns.slice(0, 20).map(({ name }) => name);
  return names.join(', ') + (columns.length > names.length ? ', …' : '');
}
