import type { Feature } from '#features';
import type { ModelVersion } from '#models';
import { problemResponses } from './problem-responses.ts';
import { recordSchema } from './record-schema.ts';
import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const PREDICT_ERRORS = [400, 404, 413, 415, 422, 429, 500, 503, 504] as const;

/** The name of a model's schemas: `housing` has `Housing` for its rows and `HousingPrediction` for its answers. */
export function schemaName(model: string): string {
  return model.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The schemas that a model brings along: its row and its answer. */
export function modelSchemas(model: ModelVersion): Readonly<Record<string, Schema>> {
  const name = schemaName(model.name);
  return { [name]: recordSchema(model), [`${name}Prediction`]: predictionSchema(model) };
}

/** `POST …/predict` of one model, typed by its features. */
export function predictOperation(model: ModelVersion, id: string, maxRows: number): Schema {
  const { title = model.name, description, task } = model.manifest;
  return {
    operationId: id,
    tags: [model.name],
    summary: `Predict: ${title}`,
    ...(description && { description }),
    parameters: task === 'image' || task === 'classification' ? [TOP] : [],
    requestBody: { required: true, content: requestContent(model, maxRows) },
    responses: {
      200: {
        description: 'The predictions, in the order of the rows.',
        content: { 'application/json': { schema: ref(`${schemaName(model.name)}Prediction`) } },
      },
      ...problemResponses(PREDICT_ERRORS),
    },
  };
}

const TOP: Schema = {
  name: 'top',
  in: 'query',
  description: 'Answer only so many probabilities of each row, the highest first.',
  schema: { type: 'integer', minimum: 1 },
};

function requestContent(model: ModelVersion, maxRows: number): Schema {
  const record = ref(schemaName(model.name));
  const rows = arrayOf(record, { minItems: 1, maxItems: maxRows });
  const { features } = model;
  const tabular = features.every(({ shape }) => shape.length === 0);
  const json = {
    schema: {
      anyOf: [
        record,
        rows,
        objectOf({ instances: rows }),
        ...(tabular ? [splitSchema(features), dataFrameSchema(features)] : []),
      ],
    },
    ...(model.manifest.examples && { examples: examplesOf(model.manifest.examples) }),
  };
  return {
    'application/json': json,
    ...(tabular && {
      'text/csv': { schema: { type: 'string', description: 'A header of the features, then one row a line.' } },
    }),
    ...(model.manifest.image && Object.fromEntries(IMAGES.map((type) => [type, {}]))),
  };
}

const IMAGES = ['image/png', 'image/jpeg', 'image/webp'];

function examplesOf(examples: readonly unknown[]): Schema {
  return Object.fromEntries(examples.map((value, index) => [`example${index + 1}`, { value }]));
}

/** pandas' `to_dict("split")`. */
function splitSchema(features: readonly Feature[]): Schema {
  const columns = arrayOf({ enum: features.map(({ name }) => name) });
  return objectOf({
    dataframe_split: objectOf({ columns, data: arrayOf({ type: 'array' }), index: { type: 'array' } }, ['index']),
  });
}

/** pandas' `to_dict()`: each column an object by row label. */
function dataFrameSchema(features: readonly Feature[]): Schema {
  return {
    title: 'A DataFrame: each column an object by row label',
    ...objectOf(Object.fromEntries(features.map(({ name }) => [name, { type: 'object' }]))),
  };
}

function predictionSchema({ name, manifest: { title = name, target, labels, task } }: ModelVersion): Schema {
  const classifies = labels !== undefined || task === 'classification' || task === 'image';
  const value: Schema = labels
    ? { enum: [...labels] }
    : classifies || task === 'tensor'
      ? {}
      : { type: ['number', 'null'] };
  const about = [target?.title, target?.unit && `in ${target.unit}`].filter(Boolean).join(' ');
  const probability = { type: 'object', additionalProperties: { type: ['number', 'null'], minimum: 0, maximum: 1 } };
  return {
    title: `An answer of ${title}`,
    ...objectOf(
      {
        prediction: { ...arrayOf(value), ...(about && { description: about }) },
        ...(classifies && { probabilities: arrayOf(probability) }),
        model: ref('ModelReference'),
        warnings: arrayOf(ref('Warning')),
      },
      ['warnings', 'probabilities'],
    ),
  };
}
