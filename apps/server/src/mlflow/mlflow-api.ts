import { Injectable } from '@nestjs/common';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { operation, reading } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';

const TAG = {
  name: 'MLflow',
  description: "MLflow's scoring protocol, which is also SageMaker's. It asks the default model.",
};
const text: Schema = { type: 'string' };

const errors = new ErrorResponses('MlflowError', renderError);
const read = reading(TAG.name, errors);

/** Describes MLflow's scoring protocol in OpenAPI. */
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
  MlflowPredictions: objectOf({ predictions: arrayOf({}, { description: 'One item per row.' }) }),
};

const lineFeed = (description: string): Schema => ({ description, content: { 'application/json': {} } });
const health = { 200: lineFeed('The default model is served.'), 503: lineFeed('The default model is not served.') };

const SERVER: Readonly<Record<string, Schema>> = {
  '/ping': read('ping', 'Whether the default model is served', health),
  '/health': read('health', 'Whether the default model is served', health),
  '/version': read('mlflowVersion', 'The MLflow version whose scoring protocol Nestor implements', {
    200: lineFeed('The version as plain text, with the content type of JSON.'),
  }),
};

function invocations(model: ModelVersion, schema: string): Schema {
  const row = model.manifest.image ? { anyOf: [ref(schema), ref('EncodedPicture')] } : ref(schema);
  const rows = arrayOf(row, { minItems: 1, maxItems: model.limits.maxRows });
  const list = arrayOf({});
  // Unlike in other protocols, the columns' names are optional.
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
        'text/csv': { schema: { type: 'string', description: 'A header with the features, then one row per line.' } },
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
