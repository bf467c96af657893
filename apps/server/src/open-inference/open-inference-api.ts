import { Injectable } from '@nestjs/common';
import { Settings } from '#config';
import type { ModelVersion } from '#engine';
import { type ApiPart, ApiParts, type ServedModels } from '../openapi/api-parts.ts';
import { ErrorResponses } from '../openapi/error-responses.ts';
import { json, operation, pathParameter, reading } from '../openapi/operation.ts';
import { arrayOf, objectOf, ref, type Schema } from '../openapi/schema.ts';
import { renderError } from './error-form.ts';
import { JSON_LENGTH_HEADER } from './tensor-body.ts';
import { inferRequestSchema, inferResponseSchema, PROTOCOL_SCHEMAS } from './tensor-schemas.ts';

const TAG = {
  name: 'Open Inference Protocol V2',
  description: 'Tensors by name, datatype and shape: everything under `/v2`.',
};
const NAME = pathParameter('name', 'The name of a model.');
const VERSION = pathParameter('version', 'A served version.');
const JSON_LENGTH: Schema = {
  name: JSON_LENGTH_HEADER,
  in: 'header',
  description:
    'The length of the JSON in bytes, if the bytes of tensors follow it. With 0, the whole body is the bytes of the only input.',
  schema: { type: 'integer', minimum: 0 },
};
const errors = new ErrorResponses('OpenInferenceError', renderError);
const read = reading(TAG.name, errors);

/** Describes the Open Inference Protocol in OpenAPI, typed by each model's signature. */
@Injectable()
export class OpenInferenceApi {
  constructor(apis: ApiParts, settings: Settings) {
    apis.add((served) => describe(served, settings.admin === 'on'));
  }
}

function describe({ models, schemaOf }: ServedModels, administered: boolean): ApiPart {
  const paths: Record<string, Schema> = { ...SERVER, ...ANY_MODEL, ...(administered && CHANGES) };
  const schemas: Record<string, Schema> = { ...PROTOCOL_SCHEMAS };
  const responses: Record<string, Schema> = { ...errors.components };
  const requestBodies: Record<string, Schema> = {};
  for (const model of models) {
    const name = schemaOf(model);
    const path = `/v2/models/${model.name}`;
    paths[`${path}/infer`] = { post: inferOperation(model, name, `infer${name}`) };
    paths[`${path}/versions/{version}/infer`] = {
      parameters: [{ $ref: '#/components/parameters/Version' }],
      post: inferOperation(model, name, `infer${name}Version`),
    };
    responses[`${name}Infer`] = json('The outputs.', ref(`${name}InferResponse`));
    requestBodies[`${name}Tensors`] = tensorsBody(name);
    schemas[`${name}InferRequest`] = inferRequestSchema(model);
    schemas[`${name}InferResponse`] = inferResponseSchema(model);
  }
  return {
    tags: [TAG],
    paths,
    schemas,
    parameters: { Version: VERSION, JsonLength: JSON_LENGTH },
    requestBodies,
    responses,
  };
}

const tensorsBody = (schema: string): Schema => ({
  required: true,
  content: {
    'application/json': { schema: ref(`${schema}InferRequest`) },
    'application/octet-stream': { schema: ref('OpenInferenceBytes') },
  },
});

function inferOperation({ name, manifest }: ModelVersion, schema: string, id: string): Schema {
  return operation({
    id,
    tag: TAG.name,
    summary: `Infer: ${manifest.title ?? name}`,
    parameters: [{ $ref: '#/components/parameters/JsonLength' }],
    requestBody: { $ref: `#/components/requestBodies/${schema}Tensors` },
    responses: {
      200: { $ref: `#/components/responses/${schema}Infer` },
      ...errors.ofPredictions,
    },
  });
}

const live = { 200: json('The server is alive.', objectOf({ live: { type: 'boolean' } })) };
const READY = objectOf({ live: { type: 'boolean' }, ready: { type: 'boolean' } });

const SERVER: Readonly<Record<string, Schema>> = {
  '/v2': read('v2Server', "The server's name, version and extensions", {
    200: json('The server.', ref('OpenInferenceServer')),
  }),
  '/v2/health/live': read('v2Live', 'Whether the server is alive', live),
  '/v2/health/ready': read('v2Ready', 'Whether the server is ready', {
    200: json('The server is ready.', READY),
    503: json('The server is not ready.', READY),
  }),
  '/v2/models': read('v2Models', 'The names of the served models', {
    200: json('The names.', objectOf({ models: arrayOf({ type: 'string' }) })),
  }),
  '/v2/models/stats': read('v2Statistics', 'Statistics of all models since the server started', {
    200: json('The statistics.', ref('OpenInferenceStatistics')),
  }),
  '/v2/repository/index': {
    post: operation({
      id: 'v2RepositoryIndex',
      tag: TAG.name,
      summary: 'Every version of every model, served or not',
      requestBody: {
        content: { 'application/json': { schema: { type: 'object', properties: { ready: { type: 'boolean' } } } } },
      },
      responses: {
        200: json('The models.', arrayOf(ref('OpenInferenceIndexEntry'))),
        ...errors.of(400, 413, 415, 422),
      },
    }),
  },
};

/** A path of a model, and the same path of one of its versions. */
function ofModel(path: string, id: string, summary: string, responses: Schema): Record<string, Schema> {
  const statuses = ([404, 503] as const).filter((status) => !(status in responses));
  return {
    [`/v2/models/{name}${path}`]: read(id, summary, responses, statuses, [NAME]),
    [`/v2/models/{name}/versions/{version}${path}`]: read(`${id}Version`, summary, responses, statuses, [
      NAME,
      VERSION,
    ]),
  };
}

const ANY_MODEL: Readonly<Record<string, Schema>> = {
  ...ofModel('', 'v2Model', "A model's versions and signature", { 200: json('The model.', ref('OpenInferenceModel')) }),
  ...ofModel('/ready', 'v2ModelReady', 'Whether a model is ready', {
    200: json('The model is ready.', ref('OpenInferenceModelReadiness')),
    503: json('The model is known but not ready.', ref('OpenInferenceModelReadiness')),
  }),
  ...ofModel('/config', 'v2ModelConfig', "A model's configuration in Triton's form", {
    200: json('The configuration.', { type: 'object' }),
  }),
  ...ofModel('/stats', 'v2ModelStatistics', 'Statistics of a model since the server started', {
    200: json('The statistics.', ref('OpenInferenceStatistics')),
  }),
};

const change = (id: string, summary: string, requestBody: Schema | undefined): Schema => ({
  post: operation({
    id,
    summary,
    tag: TAG.name,
    parameters: [NAME],
    ...(requestBody && { requestBody }),
    responses: { 200: json('The change is complete.', { type: 'object' }), ...errors.of(400, 403, 404, 413, 415, 422) },
  }),
});

const CHANGES: Readonly<Record<string, Schema>> = {
  '/v2/repository/models/{name}/load': change('v2LoadModel', 'Load or reload a model from disk', {
    content: {
      'application/json': {
        schema: { type: 'object', properties: { parameters: { type: 'object', maxProperties: 0 } } },
      },
    },
  }),
  '/v2/repository/models/{name}/unload': change('v2UnloadModel', 'Unload a model', undefined),
};
