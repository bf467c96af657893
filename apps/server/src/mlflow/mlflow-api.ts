import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { operation, reading } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';

const TAG = { name: 'MLflow', description: "MLflow's scoring protocol, which is SageMaker's too: the default model." };
const text: Schema = { type: 'string' };

const errors = new ErrorResponses('MlflowError', renderError);
const read = reading(TAG.name, errors);

/** MLflow's scoring protocol in the API's description. */
@Injectable()
export class MlflowApi {
  constructor(apis: ApiParts) {
    apis.add(describe);
  }
}

function describe({ defaultModel: model, schemaOf }: ServedModels): ApiPart {
  return {
    tags: [TAG],
    paths: {
      ...SERVER,
      ...(model && { '/invocations': { post: invocations(model, schemaOf(model)) } }),
    },
    schemas: SCHEMAS,
    responses: errors.components,
  };
}

const SCHEMAS: Readonly<Record<string, Schema>> = {
  MlflowError: objectOf({ error_code: text, message: text }),
  MlflowPredictions: objectOf({ predictions: arrayOf({}, { description: 'An item a row.' }) }),
};

const lineFeed = (description: string): Schema => ({ description, content: { 'application/json': {} } });
const health = { 200: lineFeed('It is.'), 503: lineFeed('It is not.') };

const SERVER: Readonly<Record<string, Schema>> = {
  '/ping': read('ping', 'Whether the default model is served', health),
  '/health': read('health', 'Whether the default model is served', health),
  '/version': read('mlflowVersion', 'The MLflow whose scoring protocol is spoken', {
    200: lineFeed('A bare version, called JSON.'),
  }),
};

function invocations(model: ModelVersion, schema: string): Schema {
  const row = model.manifest.image ? { anyOf: [ref(schema), ref('EncodedPicture')] } : ref(schema);
  const rows = arrayOf(row, { minItems: 1, maxItems: model.limits.maxRows });
  const list = arrayOf({});
  // Here the names may be left out.
  const split = { anyOf: [ref('SplitDataFrame'), objectOf({ data: arrayOf(list), index: list }, ['index'])] };
  const inputs: Schema = { anyOf: [{ type: 'object', additionalProperties: list }, list] };
  const params: Schema = { type: ['object', 'null'], maxProperties: 0 };
  const formats = { dataframe_split: split, dataframe_records: rows, instances: rows, inputs };
  return operation({
    id: 'invocations',
    tag: TAG.name,
    summary: `Predict: ${model.manifest.title ?? model.name}`,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            oneOf: Object.entries(formats).map(([name, schema]) => objectOf({ [name]: schema, params }, ['params'])),
          },
        },
        'text/csv': { schema: { type: 'string', description: 'A header of the features, then one row a line.' } },
      },
    },
    responses: {
      200: {
        description: 'The predictions, in the order of the rows.',
        content: { 'application/json': { schema: ref('MlflowPredictions') } },
      },
      ...errors.ofPredictions,
    },
  });
}
