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
 * The schemas that all models share. Only a description mentions CSV responses: with a second media type, generated
 * clients would lose the type of the first.
 */
export const SHARED: Readonly<Record<string, Schema>> = {
  SplitRows: objectOf({ dataframe_split: ref('SplitDataFrame') }),
  Csv: {
    type: 'string',
    description:
      'A header with the features, then one row per line, separated by commas, semicolons or tabs. With `Accept: text/csv` the response is CSV too, of any length: these columns, then `prediction`, for classifiers `probability` or `score`, further outputs, and `error`.',
  },
  PictureForm: {
    type: 'object',
    description: 'One picture per part. The names of the parts do not matter.',
    additionalProperties: binary,
    minProperties: 1,
  },
  Probability: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  Score: {
    type: ['number', 'null'],
    description: 'Not a probability: a high score may mean an unlikely class.',
  },
};

export const TOP: Schema = {
  name: 'top',
  in: 'query',
  description: 'How many classes to return for each row, highest first.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999 },
};

export const TIMEOUT: Schema = {
  name: TIMEOUT_HEADER,
  in: 'header',
  description: "The caller's timeout in milliseconds. The limits of the server and of the model apply as well.",
  schema: { type: 'integer', minimum: 1 },
};

/** A table has only scalars, so every tensor of the model needs a default. */
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
