import type { ModelRepository, ModelVersion } from '#models';
import { modelSchemas, predictOperation, schemaName } from './predict-operation.ts';
import { PROBLEM_SCHEMAS, problemResponses } from './problem-responses.ts';
import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const anyObject: Schema = { type: 'object' };

const SCHEMAS: Readonly<Record<string, Schema>> = {
  ...PROBLEM_SCHEMAS,
  ModelReference: objectOf({ name: text, version: text }),
  ModelSummary: objectOf(
    {
      name: text,
      title: text,
      description: text,
      task: { enum: ['regression', 'classification', 'image', 'tensor'] },
      versions: arrayOf(
        objectOf({ version: text, state: { enum: ['loading', 'ready', 'unloading', 'failed'] }, reason: text }, [
          'reason',
        ]),
      ),
    },
    ['title', 'description'],
  ),
};

/** The OpenAPI 3.1 description of what is served now: it changes with the models. */
export function openApiDocument(models: ModelRepository, about: { version: string; maxRows: number }): Schema {
  const served = models.status().flatMap(({ served: versions }) => versions.slice(-1));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Nestor',
      version: about.version,
      description: 'Predictions of the models that this server serves, and what is to be known about them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: served.map(({ name, manifest }) => ({ name, description: manifest.description ?? manifest.title ?? name })),
    paths: { ...predictPaths(served, models.defaultModel, about.maxRows), ...MODEL_PATHS, ...OPERATION_PATHS },
    components: {
      schemas: Object.fromEntries([SCHEMAS, ...served.map(modelSchemas)].flatMap((schemas) => Object.entries(schemas))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
    // Keys are asked for only where the server was given some.
    security: [{}, { bearer: [] }, { apiKey: [] }],
  };
}

function predictPaths(served: readonly ModelVersion[], defaultModel: string | undefined, maxRows: number): Schema {
  const paths: Record<string, Schema> = {};
  for (const model of served) {
    const name = schemaName(model.name);
    const rows = model.manifest.limits?.maxRows ?? maxRows;
    const path = `/models/${model.name}`;
    if (model.name === defaultModel) paths['/predict'] = { post: predictOperation(model, 'predict', rows) };
    paths[`${path}/predict`] = { post: predictOperation(model, `predict${name}`, rows) };
    paths[`${path}/versions/{version}/predict`] = {
      parameters: [{ name: 'version', in: 'path', required: true, schema: { type: 'string' } }],
      post: predictOperation(model, `predict${name}Version`, rows),
    };
  }
  return paths;
}

const json = (description: string, schema: Schema): Schema => ({
  description,
  content: { 'application/json': { schema } },
});

const get = (operationId: string, summary: string, responses: Schema, parameters?: readonly Schema[]): Schema => ({
  get: {
    operationId,
    summary,
    ...(parameters && { parameters }),
    responses: { ...responses, ...problemResponses([429]) },
  },
});

const MODEL_PATHS: Schema = {
  '/models': get('listModels', 'What is served', {
    200: json('The models.', objectOf({ default: { type: ['string', 'null'] }, models: arrayOf(ref('ModelSummary')) })),
  }),
  '/models/{name}': get(
    'describeModel',
    'One model: its features, signature, versions, batching and timings',
    { 200: json('The model.', anyObject), ...problemResponses([404]) },
    [{ name: 'name', in: 'path', required: true, schema: text }],
  ),
};

const OPERATION_PATHS: Schema = {
  '/livez': get('live', 'Liveness: the process runs', { 200: json('It does.', anyObject) }),
  '/readyz': get('ready', 'Readiness: the models are loaded and the process is not stopping', {
    200: json('Ready.', anyObject),
    503: json('Not ready; the answer says why.', anyObject),
  }),
  '/metrics': get('metrics', "Metrics in Prometheus' text format", {
    200: { description: 'The metrics.', content: { 'text/plain': { schema: text } } },
  }),
};
