import { clip } from '#errors';
import type { Feature } from '#features';
import type { ModelVersion, OutputDescription, TextDescription, Timings } from '#engine';
import type { DetectionBlock, ImagePreprocessing } from '#models';
import type { ModelFile } from '#onnx';
import type { Signature, TensorSpec } from '#tensor';
import { columns, heading, inBytes, rounded, styled } from '../terminal.ts';

/** The model's file; `onnx` is absent if it cannot be read. */
export interface InspectedFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest?: string;
  readonly onnx?: Omit<ModelFile, 'graph' | 'functions'>;
}

/** The result of `nestor inspect`. A model that cannot be loaded lacks most members. */
export interface Inspection {
  readonly name: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  readonly file?: InspectedFile;
  readonly labels?: readonly (string | number)[];
  /** How a picture becomes the input, for image models. */
  readonly image?: ImagePreprocessing;
  /** How the outputs become objects, for object detectors. */
  readonly detection?: DetectionBlock;
  /** How texts are read, for text models. */
  readonly text?: TextDescription;
  readonly signature?: Signature;
  readonly features?: readonly Feature[];
  /** The members of a response. */
  readonly outputs?: readonly OutputDescription[];
  readonly rows?: ModelVersion['rows'];
  readonly batching?: ModelVersion['batching'];
  readonly execution?: ModelVersion['execution'];
  readonly timings?: Timings;
  readonly warnings?: readonly string[];
  /** Why it cannot be served. */
  readonly problem?: string;
}

/** An inspection as text for people. */
export function print(inspection: Inspection): string {
  const { name, version, title, description, file, signature, features, timings, warnings } = inspection;
  const { rows, batching, execution, image, detection, text, outputs } = inspection;
  const parts = [
    `${heading(name)}${version === undefined ? '' : ` version ${version}`}${title === undefined ? '' : `: ${title}`}\n`,
    description === undefined ? '' : `${description}\n`,
    file === undefined ? '' : section('File', fileRows(file)),
    signature && section('Inputs', signature.inputs.map(specRow)),
    signature && section('Outputs', signature.outputs.map(specRow)),
    image ? section('A picture', Object.entries(image).map(settingRow)) : undefined,
    detection && section('Objects', Object.entries(detection).map(settingRow)),
    text &&
      section(
        'A text',
        Object.entries(text)
          .map(settingRow)
          .filter(([, value]) => value !== ''),
      ),
    features && image === undefined ? section('A row', features.map(featureRow)) : undefined,
    outputs && section('An answer', outputs.map(outputRow)),
    rows && batching && execution && timings && section('Runs', runRows(rows, batching, execution, timings)),
    warnings?.length
      ? `\n${styled('yellow', 'Warnings')}\n${warnings.map((warning) => `  - ${warning}\n`).join('')}`
      : '',
  ];
  return parts.filter((part) => part !== undefined).join('');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `\n${heading(title)}\n${columns(rows)}`;
}

function fileRows({ path, bytes, digest, onnx }: InspectedFile): string[][] {
  const rows = [['path', `${path} (${inBytes(bytes)})`]];
  if (digest !== undefined) rows.push(['digest', digest]);
  if (onnx === undefined) return rows;
  const producer = [onnx.producerName, onnx.producerVersion].filter((part) => part !== undefined).join(' ');
  if (producer !== '') rows.push(['made by', producer]);
  const opsets = Object.entries(onnx.opsets).map(([domain, version]) => `${domain} ${version}`);
  rows.push(['opset', `${opsets.join(', ')}; IR version ${onnx.irVersion ?? 'unknown'}`]);
  for (const [key, value] of Object.entries(onnx.metadata)) rows.push([key, inLine(value)]);
  return rows;
}

/** Fits a text into one line of a table. */
const inLine = (text: string): string => clip(text.replaceAll(/\s+/g, ' '), 80);

function specRow({ name, datatype, shape }: TensorSpec): string[] {
  const sizes = shape.map((size, axis) => (size >= 0 ? `${size}` : axis === 0 ? 'N' : 'any'));
  return [name, datatype, shape.length === 0 ? 'scalar' : `[${sizes.join(', ')}]`];
}

function settingRow([key, value]: [string, unknown]): string[] {
  const isNamed = typeof value === 'object' && value !== null && !Array.isArray(value);
  const values = isNamed ? Object.entries(value).map((pair) => pair.join(': ')) : [value].flat();
  return [key, values.join(', ')];
}

function featureRow({ name, type, shape, unit, title, range, seen, categories, seenCategories }: Feature): string[] {
  const between = (bounds: readonly number[] | undefined): string | undefined => bounds?.join(' to ');
  const limits = range ? between(range) : categories && `one of ${inLine(categories.join(', '))}`;
  const known = seen ? between(seen) : seenCategories && inLine(seenCategories.join(', '));
  const values = limits ?? (known && `seen: ${known}`) ?? '';
  const what = shape.length === 0 ? type : `${type} [${shape.map((size) => (size < 0 ? 'any' : size)).join(', ')}]`;
  return [name, what, unit ?? '', values, title ?? ''];
}

function outputRow({ key, as, from, labels, unit, title }: OutputDescription): string[] {
  const source = from === undefined ? 'the likeliest label' : `from ${from}`;
  return [key, as, source, labels === undefined ? (unit ?? '') : inLine(labels.join(', ')), title ?? ''];
}

function runRows(
  { kind, by, reason }: ModelVersion['rows'],
  { maxBatchRows, maxBatchTokens }: ModelVersion['batching'],
  { where, workers, reason: why }: ModelVersion['execution'],
  { loadMs, msPerRow }: Timings,
): string[][] {
  const costs = Object.entries(msPerRow).map(([rows, ms]) => `${rounded(ms * 1000)} µs at ${rows}`);
  return [
    ['rows', `${kind}, by ${by}: ${reason}`],
    ['batch size', maxBatchTokens === undefined ? `${maxBatchRows}` : `${maxBatchTokens} tokens`],
    ['place', where === 'inline' ? `on the event loop: ${why}` : `in ${workers} worker thread(s): ${why}`],
    [
      'a row takes',
      costs.length > 0 ? `${costs.join(', ')} rows a run` : 'not measured: Nestor could not make up a row',
    ],
    ['ready after', `${rounded(loadMs)} ms`],
  ];
}
