import { type ModelVersion, UNSERVED } from '#engine';
import { FeatureError, PredictionWriter, resolveFeatures, RowReader } from '#features';
import type { Manifest, ManifestFeature } from '#models';
import { readMetadata } from '#onnx';
import type { Signature, TensorSpec } from '#tensor';
import type { TextTask } from '#text';
import { Failure } from '../exit.ts';
import { labelsOf, taskOf } from './answers.ts';
import { valueOf } from './column.ts';
import { type ColumnChoice, columnsByInput, type ColumnsByInput, decidedOn, widthOf } from './columns.ts';
import type { DataSummary } from './data.ts';
import { detectorManifest } from './detector.ts';
import { imageOf } from './image.ts';

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
  choice: ColumnChoice = {},
): Skeleton {
  const ofDetector = detectorManifest(name, model);
  if (ofDetector !== undefined) return { manifest: ofDetector, notes: [ABOUT_DETECTORS] };
  if (model.text !== undefined) return textSkeletonOf(name, model.text.plan.task);
  const { signature } = model;
  const { target } = choice;
  const columns = data && columnsByInput(data.columns, signature, choice);
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
  const decided = columns === undefined ? [] : [decidedOn(data!.columns, columns, choice), ...flawsOf(columns)];
  return { manifest, notes: [...decided, ...notesOf(manifest, model, data)] };
}

/** The other files of a text model's folder give its tokenizer, labels and post-processing. */
function textSkeletonOf(title: string, task: TextTask): Skeleton {
  const note = 'Add a title and a description. Its "text" overrides the other files of the folder.';
  return { manifest: { title, task }, notes: [note] };
}

/**
 * Features have the names of their columns in the data. Without data, those of a single input with several columns have
 * the names in the file or else numbers, and others have the names of their inputs.
 */
function featuresOf(
  { signature: { inputs }, features: known }: BareModel,
  columns: ColumnsByInput | undefined,
): readonly ManifestFeature[] | undefined {
  if (inputs.some((input) => widthOf(input) === undefined)) return undefined;
  const single = inputs.length === 1;
  return inputs.flatMap((input) => {
    const width = widthOf(input)!;
    const type = typeOf(input);
    if (width === 1) {
      const column = columns?.get(input)?.[0];
      const name = column?.name ?? (single ? known[0]!.name : input.name);
      return [{ name, type, ...(name !== input.name && { input: input.name }), ...column?.describe(type) }];
    }
    return Array.from({ length: width }, (_, at) => {
      const column = columns?.get(input)?.[at];
      const byFile = single && known.length === width ? known[at]!.name : undefined;
      const name = column?.name ?? byFile ?? `${input.name}_${at + 1}`;
      return { name, type, ...(!single && { input: input.name }), ...column?.describe(type) };
    });
  });
}

/** Tells the user of cells that the server would reject. */
const flawsOf = (byInput: ColumnsByInput): readonly string[] =>
  [...byInput]
    .flatMap(([input, columns]) => columns.map((column) => column?.flawFor(typeOf(input))))
    .filter((flaw) => flaw !== undefined);

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
