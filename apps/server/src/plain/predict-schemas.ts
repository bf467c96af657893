import type { ModelVersion } from '#engine';
import type { Feature, Member, PredictionWriter } from '#features';
import type { Manifest } from '#models';
import { PREDICTION_ERRORS, problemResponses } from '../openapi/error-responses.ts';
import { json, operation } from '../openapi/operation.ts';
import { columnsSchema, valueSchema } from '../openapi/record-schema.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { detectionsSchema, THRESHOLDS } from './detection-schemas.ts';
import { hasLikeliest } from './top.ts';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const binary: Schema = { type: 'string', format: 'binary' };
const base64: Schema = { type: 'string', contentEncoding: 'base64' };

/** A picture as a record, in each of its forms. */
export const PICTURE_SCHEMA: Schema = {
  title: 'A picture: a PNG, JPEG or WebP file in base64, or its levels from the top left on',
  anyOf: [
    objectOf({ image: { ...base64, description: 'Base64, or a data URL.' } }),
    objectOf({ image: objectOf({ b64: base64 }) }),
    objectOf({ b64: base64 }),
    objectOf({ pixels: { type: 'array', description: 'Levels from 0 to 255: flat, rows, or rows of channels.' } }),
  ],
};

/** `POST …/predict` of one model, typed by its features. */
export function predictOperation(model: ModelVersion, schema: string, id: string): Schema {
  const { title = model.name, description } = model.manifest;
  return operation({
    id,
    tag: model.name,
    summary: `Predict: ${title}`,
    ...(description && { description }),
    parameters: [...(hasLikeliest(model) ? [TOP] : []), ...(model.detector ? THRESHOLDS : [])],
    requestBody: { required: true, content: requestContent(model, schema) },
    responses: {
      200: json('The predictions, in the order of the rows.', ref(`${schema}Prediction`)),
      ...problemResponses(...PREDICTION_ERRORS),
    },
  });
}

/** In words alone: a second media type of the answer would leave generated clients without a type for the first. */
const CSV =
  'A header of the features, then one row a line. With `Accept: text/csv` the answer is CSV too, of any length: these columns, then `prediction`, for classifiers `probability` or `score`, further outputs, and `error`.';

const TOP: Schema = {
  name: 'top',
  in: 'query',
  description: 'Answer only so many classes of each row, the highest first.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
};

/** Tables carry scalars, and leave tensors out that have a default. */
const isTabular = ({ features }: ModelVersion): boolean =>
  features.every((feature) => feature.shape.length === 0 || feature.default !== undefined);

function requestContent(model: ModelVersion, name: string): Schema {
  const { features, manifest, limits } = model;
  const bounds = { minItems: 1, maxItems: limits.maxRows };
  const record = ref(name);
  const rows = arrayOf(record, bounds);
  const picture = ref(`${name}Picture`);
  const pictures = arrayOf(picture, bounds);
  const tabular = isTabular(model);
  const byPosition = features[0]?.byPosition === true;
  return {
    'application/json': {
      schema: {
        anyOf: [
          record,
          rows,
          objectOf({ instances: rows }),
          ...(tabular || byPosition ? [splitSchema(features)] : []),
          ...(tabular ? [dataFrameSchema(features)] : []),
          ...(manifest.image ? [picture, pictures, objectOf({ instances: pictures })] : []),
        ],
      },
      ...(manifest.examples && { examples: examplesOf(manifest.examples) }),
    },
    ...((tabular || byPosition) && {
      'text/csv': { schema: { type: 'string', description: CSV } },
    }),
    ...(manifest.image && {
      ...Object.fromEntries(PICTURES.map((type) => [type, { schema: binary }])),
      'multipart/form-data': {
        schema: {
          type: 'object',
          description: 'A picture a part, whatever the parts are called.',
          additionalProperties: binary,
          minProperties: 1,
        },
      },
    }),
  };
}

function examplesOf(examples: readonly unknown[]): Schema {
  return Object.fromEntries(examples.map((value, index) => [`example${index + 1}`, { value }]));
}

/** pandas' `to_dict("split")`. */
function splitSchema(features: readonly Feature[]): Schema {
  const columns = columnsSchema(features);
  return objectOf({
    dataframe_split: objectOf({ columns, data: arrayOf({ type: 'array' }), index: { type: 'array' } }, ['index']),
  });
}

/** pandas' `to_dict()`: each column an object by row label, the same labels in all of them. */
function dataFrameSchema(features: readonly Feature[]): Schema {
  const scalars = features.filter(({ shape }) => shape.length === 0);
  const columns = scalars.map((feature) => [
    feature.name,
    { type: 'object', additionalProperties: valueSchema(feature), minProperties: 1 },
  ]);
  const optional = scalars.filter((feature) => feature.missing === true || feature.default !== undefined);
  return {
    title: 'A DataFrame: each column an object by row label',
    ...objectOf(
      Object.fromEntries(columns) as Record<string, Schema>,
      optional.map(({ name }) => name),
    ),
  };
}

/** The answer of one model. */
export function predictionSchema({ name, writer, manifest }: ModelVersion): Schema {
  const { title = name } = manifest;
  const [prediction, ...others] = writer.members;
  const further = Object.fromEntries(others.map((member) => [member.key, memberSchema(member)]));
  return {
    title: `An answer of ${title}`,
    ...objectOf(
      {
        [prediction!.key]: itemsOf(predictedValue(writer, manifest), manifest.target ?? prediction!.output),
        ...further,
        model: ref('ModelReference'),
        warnings: arrayOf(ref('Warning')),
      },
      ['warnings', ...Object.keys(further)],
    ),
  };
}

/** What is predicted: a label, a list of labels, a number, or what else the model makes. */
function predictedValue({ choice, labels }: PredictionWriter, { task }: Manifest): Schema {
  const { classes, prediction } = choice;
  if (prediction?.kind === 'detections') return detectionsSchema(labels);
  if (prediction?.kind === 'embedding') return arrayOf({ type: ['number', 'null'] });
  const label: Schema | undefined = labels && { enum: [...labels, null] };
  const isList = classes?.threshold !== undefined && classes.hasManyLabels;
  if (isList) return arrayOf(label ?? {});
  if (prediction === undefined || prediction.kind === 'label') return label ?? {};
  return classes !== undefined || task === 'tensor' ? {} : { type: ['number', 'null'] };
}

function memberSchema({ output, key }: Member): Schema {
  if (output === undefined || !('isBinary' in output)) return itemsOf({}, output);
  const value: Schema =
    output.kind === 'probabilities'
      ? { type: ['number', 'null'], minimum: 0, maximum: 1 }
      : { type: ['number', 'null'] };
  const about =
    key === 'scores'
      ? 'One value per class. These are not probabilities; a high value may mean an unlikely class.'
      : undefined;
  return itemsOf({ type: 'object', additionalProperties: value, ...(about && { description: about }) }, output);
}

function itemsOf(
  value: Schema,
  said: { readonly title?: string | undefined; readonly unit?: string | undefined } = {},
): Schema {
  const about = [said.title, said.unit && `in ${said.unit}`].filter(Boolean).join(' ');
  return { ...arrayOf(value), ...(about && { description: about }) };
}
