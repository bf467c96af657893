import type { ModelVersion } from '#engine';
import { TIMEOUT_HEADER } from '../http/caller.ts';
import { problemResponses } from '../openapi/error-responses.ts';
import { operation } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { THRESHOLDS } from './detection-schemas.ts';
import { hasLikeliest } from './top.ts';

const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const binary: Schema = { type: 'string', format: 'binary' };

/** `POST …/predict` of one model, typed by its features. */
export function predictOperation(model: ModelVersion, schema: string, id: string): Schema {
  return operation({
    id,
    tag: model.name,
    summary: `Predict: ${model.manifest.title ?? model.name}`,
    parameters: [
      ...(hasLikeliest(model) ? [{ $ref: '#/components/parameters/Top' }] : []),
      ...(model.detector ? THRESHOLDS : []),
      { $ref: '#/components/parameters/Timeout' },
    ],
    requestBody: { $ref: `#/components/requestBodies/${schema}Rows` },
    responses: {
      200: { $ref: `#/components/responses/${schema}Prediction` },
      ...problemResponses.ofPredictions,
    },
  });
}

/**
 * Schemas that all models share. Only a description says that CSV can be answered with CSV: a second media type of the response
 * would leave generated clients without a type for the first.
 */
export const SHARED: Readonly<Record<string, Schema>> = {
  SplitRows: objectOf({ dataframe_split: ref('SplitDataFrame') }),
  Csv: {
    type: 'string',
    description:
      'A header of the features, then one row a line; commas, semicolons or tabs between them. With `Accept: text/csv` the answer is CSV too, of any length: these columns, then `prediction`, for classifiers `probability` or `score`, further outputs, and `error`.',
  },
  PictureForm: {
    type: 'object',
    description: 'A picture a part, whatever the parts are called.',
    additionalProperties: binary,
    minProperties: 1,
  },
  Probability: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  Score: {
    type: ['number', 'null'],
    description: 'No probability; a high value may mean an unlikely class.',
  },
};

export const TOP: Schema = {
  name: 'top',
  in: 'query',
  description: 'Answer only so many classes of each row, the highest first.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
};

export const TIMEOUT: Schema = {
  name: TIMEOUT_HEADER,
  in: 'header',
  description: 'How long the caller waits, in milliseconds. The limits of the server and of the model hold as well.',
  schema: { type: 'integer', minimum: 1 },
};

/** Tables carry scalars, and leave out tensors that have a default. */
const isTabular = ({ features }: ModelVersion): boolean =>
  features.every((feature) => feature.shape.length === 0 || feature.default !== undefined);

const takesTables = (model: ModelVersion): boolean => isTabular(model) || model.features[0]?.byPosition === true;

/** Rows of one model in JSON, in every form that it accepts. */
export function rowsSchema(model: ModelVersion, name: string): Schema {
  const bounds = { minItems: 1, maxItems: model.limits.maxRows };
  const of = (record: Schema): Schema[] => {
    const rows = arrayOf(record, bounds);
    return [record, rows, objectOf({ instances: rows })];
  };
  return {
    anyOf: [
      ...of(ref(name)),
      ...(takesTables(model) ? [ref('SplitRows')] : []),
      ...(isTabular(model) ? [ref('DataFrame')] : []),
      ...(model.manifest.image ? of(ref('Picture')) : []),
    ],
  };
}

/** Rows of one model in all media types. */
export function rowsBody(model: ModelVersion, name: string): Schema {
  const { examples, image } = model.manifest;
  return {
    required: true,
    content: {
      'application/json': {
        schema: ref(`${name}Request`),
        ...(examples?.[0] !== undefined && { example: examples[0] }),
      },
      ...(takesTables(model) && {
        'text/csv': { schema: ref('Csv') },
      }),
      ...(image && {
        ...Object.fromEntries(PICTURES.map((type) => [type, { schema: binary }])),
        'multipart/form-data': { schema: ref('PictureForm') },
      }),
    },
  };
}
