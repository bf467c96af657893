import type { ModelVersion } from '#engine';
import { type Feature, itemRank, type Member } from '#features';
import type { Datatype } from '#tensor';

const LIBRARY = '@nestor-onnx/nestor/model';

/** A model's types as a TypeScript file. */
export function typesOf(model: ModelVersion): string {
  const name = identifier(model.name);
  const { title, description } = model.manifest;
  return [
    `// Written by nestor types. Run it again when the model changes, and keep formatters away.`,
    `/* eslint-disable */`,
    `import { defineModel, type Prediction } from '${LIBRARY}';`,
    '',
    ...comment([title && `A row of ${title}.`, description]),
    ...rowType(name, model),
    '',
    ...answerType(name, model),
    '',
    `export const ${name} = defineModel<${name}Row, ${name}Prediction>(${json(partsOf(model))});`,
    '',
  ].join('\n');
}

function partsOf({ name, features, signature, rows, images }: ModelVersion): object {
  const takesPictures = images !== undefined && { takesPictures: true };
  return { name, features, inputs: signature.inputs, hasRows: rows.kind !== 'none', ...takesPictures };
}

function rowType(name: string, { images, features, signature }: ModelVersion): string[] {
  if (images !== undefined) return [`export type ${name}Row = Uint8Array | { readonly pixels: readonly unknown[] };`];
  const { inputs } = signature;
  const isBig = ({ input }: Feature): boolean =>
    inputs.some(({ name: fed, datatype }) => fed === input && datatype.endsWith('INT64'));
  const members = features.flatMap((feature) => memberOf(feature, isBig(feature)));
  return [`export interface ${name}Row {`, ...members, '}'];
}

/** @param isBig whether its input takes whole numbers that a number may not hold */
function memberOf(feature: Feature, isBig: boolean): string[] {
  const { name, title, description, unit, seen } = feature;
  const optional = feature.missing === true || feature.default !== undefined;
  const range = seen && `Seen in training: ${seen[0]} to ${seen[1]}.`;
  const lines = comment([description ?? (title && `${title}.`), unit && `Unit: ${unit}.`, range]);
  const member = `readonly ${key(name)}${optional ? '?' : ''}: ${valueType(feature, isBig)};`;
  return [...lines, member].map((line) => `  ${line}`);
}

function valueType({ categories, type, missing, shape }: Feature, isBig: boolean): string {
  const whole = isBig ? 'number | bigint' : 'number';
  const scalar = categories ? union(categories) : type === 'integer' ? whole : type;
  const value = listOf(missing === true ? `${scalar} | null` : scalar, shape.length);
  return missing === true && shape.length === 0 ? `${value} | undefined` : value;
}

function answerType(name: string, model: ModelVersion): string[] {
  if (model.detector !== undefined) return detectionsType(name, model);
  const value = predictionType(model);
  const members = model.writer.members
    .slice(1)
    .map((member) => `  readonly ${key(member.key)}: ${memberType(member, model)};`);
  if (members.length === 0) return [`export type ${name}Prediction = Prediction<${value}>;`];
  return [`export interface ${name}Prediction extends Prediction<${value}> {`, ...members, '}'];
}

/** Objects are labelled by text, also where a label is a number. */
function detectionsType(name: string, { writer: { labels } }: ModelVersion): string[] {
  const label = labels === undefined ? 'string' : union(labels.map(String));
  return [
    `export interface ${name}Prediction extends Omit<Prediction, 'prediction'> {`,
    ...comment(['The objects of the picture, the highest score first; boxes in its pixels.']).map(
      (line) => `  ${line}`,
    ),
    '  readonly detections: readonly {',
    `    readonly label: ${label};`,
    '    readonly score: number;',
    '    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };',
    '  }[];',
    '}',
  ];
}

/** Of a member beside the prediction. */
function memberType({ output }: Member, { rows }: ModelVersion): string {
  const { spec } = output!;
  if (!('isBinary' in output!)) return listOf(cellType(spec.datatype), itemRank(spec, rows.kind !== 'none'));
  const count = Math.max(0, spec.shape[1]!);
  const classes = output.labels?.map(String) ?? Array.from({ length: count }, (_, index) => String(index));
  return `Readonly<Record<${classes.length > 0 ? union(classes) : 'string'}, number | null>>`;
}

/** Of the output that is the prediction; without one, the prediction is one of the classes. */
function predictionType({ writer, rows }: ModelVersion): string {
  const { labels, choice, classes } = writer;
  if (choice.prediction === undefined) {
    const label = `${union(labels ?? classes!.map(Number))} | null`;
    const isList = choice.classes!.hasManyLabels && choice.classes!.threshold !== undefined;
    return isList ? listOf(union(labels ?? classes!.map(Number)), 1) : label;
  }
  const { spec, kind } = choice.prediction;
  if (kind === 'entities') return entitiesType(choice.prediction.labels);
  const cell = kind === 'label' && labels !== undefined ? union(labels) : cellType(spec.datatype);
  return listOf(cell, itemRank(spec, rows.kind !== 'none'));
}

function entitiesType(labels: readonly (string | number)[] | undefined): string {
  const label = labels === undefined ? 'string' : union(labels);
  const of = { label, score: 'number', text: 'string', start: 'number', end: 'number' };
  const members = Object.entries(of).map(([name, type]) => `readonly ${name}: ${type}`);
  return `readonly { ${members.join('; ')} }[]`;
}

/** What a cell of an output is answered as; floats that are not finite are null. */
function cellType(datatype: Datatype): string {
  if (datatype.startsWith('FP')) return 'number | null';
  if (datatype === 'BYTES') return 'string';
  if (datatype === 'BOOL') return 'boolean';
  return datatype.endsWith('64') ? 'number | bigint' : 'number';
}

function listOf(item: string, depth: number): string {
  let type = item;
  for (let level = 0; level < depth; level += 1)
    type = type.includes(' ') ? `readonly (${type})[]` : level === 0 ? `readonly ${type}[]` : `readonly (${type})[]`;
  return type;
}

const union = (values: readonly unknown[]): string =>
  [...new Set(values)].map((value) => literal(value)).join(' | ') || 'never';

const literal = (value: unknown): string => (typeof value === 'string' ? text(value) : String(value));

const text = (value: string): string =>
  `'${JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'").replaceAll('\\"', '"')}'`;

/** A property's name, in quotes where it needs them. */
const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name));

/** The name of a type: house-prices is HousePrices. */
function identifier(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return /^[A-Z]/.test(joined) ? joined : `Model${joined}`;
}

function comment(sentences: readonly (string | undefined)[]): string[] {
  const said = sentences.filter((sentence) => sentence !== undefined && sentence !== '').join(' ');
  return said === '' ? [] : [`/** ${said.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ')} */`];
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
