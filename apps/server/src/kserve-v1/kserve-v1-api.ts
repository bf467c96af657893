import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { json, operation, pathParameter, reading } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';

const TAG = {
  name: 'KServe V1',
  description: "TensorFlow Serving's protocol, under `/v1`: each instance is a row.",
};
const text: Schema = { type: 'string' };
/** In TensorFlow Serving it selects one of a model's graphs; ONNX models have one. */
const SIGNATURE_NAME: Schema = { description: 'Ignored.' };

const errors = new ErrorResponses('KserveError', renderError);
const read = reading(TAG.name, errors);

/** Describes KServe's V1 protocol in OpenAPI. */
@Injectable()
export class KserveV1Api {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ models, schemaOf }: ServedModels): ApiPart {
  const paths: Record<string, Schema> = { ...MODELS };
  for (const model of models)
    paths[`/v1/models/${model.name}:predict`] = { post: predictOperation(model, schemaOf(model)) };
  return { tags: [TAG], paths, schemas: SCHEMAS, responses: RESPONSES };
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  KserveError: objectOf({ error: text }),
  KservePredictions: objectOf({ predictions: arrayOf({}, { description: 'One item per row.' }) }),
  KserveInputs: objectOf(
    {
      inputs: {
        anyOf: [
          { type: 'object', description: 'Columns by name.', additionalProperties: arrayOf({}) },
          arrayOf({}, { description: 'The rows.' }),
        ],
      },
      signature_name: SIGNATURE_NAME,
    },
    ['signature_name'],
  ),
};

const RESPONSES: Readonly<Record<string, Schema>> = {
  ...errors.components,
  KservePredictions: json('The predictions, in the order of the rows.', ref('KservePredictions')),
};

const MODELS: Readonly<Record<string, Schema>> = {
  '/v1/models': read('v1Models', 'The names of the models', {
    200: json('The names.', objectOf({ models: arrayOf(text) })),
  }),
  '/v1/models/{name}': read(
    'v1Model',
    'Whether a model is ready',
    { 200: json('The model is ready.', objectOf({ name: text, ready: { const: true } })) },
    [404, 503],
    [pathParameter('name', 'The name of a model.')],
  ),
};

function predictOperation({ name, manifest, limits }: ModelVersion, schema: string): Schema {
  const instances = arrayOf(
    { anyOf: [ref(schema), ref('Values'), ...(manifest.image ? [ref('EncodedPicture')] : [])] },
    { minItems: 1, maxItems: limits.maxRows },
  );
  return operation({
    id: `v1Predict${schema}`,
    tag: TAG.name,
    summary: `Predict: ${manifest.title ?? name}`,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            oneOf: [objectOf({ instances, signature_name: SIGNATURE_NAME }, ['signature_name']), ref('KserveInputs')],
          },
        },
      },
    },
    responses: {
      200: { $ref: '#/components/responses/KservePredictions' },
      ...errors.ofPredictions,
    },
  });
}
