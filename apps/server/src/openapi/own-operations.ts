import type { ApiPart } from './api-parts.ts';
import { problemResponses } from './error-responses.ts';
import { json, operation, pathParameter, reading } from './operation.ts';
import { ANY_KEY } from './security.ts';
import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const anyObject: Schema = { type: 'object' };

const MODELS = { name: 'models', description: 'Descriptions of the served models.' };
const OPERATIONS = { name: 'operations', description: 'For those who run the server: probes and metrics.' };
const ADMIN = {
  name: 'administration',
  description: 'Changes to the served models. They require a key from `ADMIN_KEYS_FILE`, and `ADMIN` must be on.',
};

const NAME = pathParameter('name', 'The name of a model.');

const SCHEMAS: Readonly<Record<string, Schema>> = {
  ModelReference: objectOf({ name: text, version: text }),
  ModelSummary: objectOf(
    {
      name: text,
      title: text,
      description: text,
      task: {
        enum: [
          ...['regression', 'classification', 'image', 'image-embedding', 'object-detection', 'text-embedding'],
          ...['text-classification', 'rerank', 'token-classification', 'tensor'],
        ],
      },
      versions: arrayOf(
        objectOf({ version: text, state: { enum: ['loading', 'ready', 'unloading', 'failed'] }, reason: text }, [
          'reason',
        ]),
      ),
      reason: text,
    },
    ['title', 'description', 'reason'],
  ),
};

const ofModels = reading(MODELS.name, problemResponses);
const ofOperations = reading(OPERATIONS.name, problemResponses);

const READING: Readonly<Record<string, Schema>> = {
  '/models': ofModels('listModels', 'All models', {
    200: json('The models.', objectOf({ default: { type: ['string', 'null'] }, models: arrayOf(ref('ModelSummary')) })),
  }),
  '/models/{name}': ofModels(
    'describeModel',
    'One model: its features, signature, versions, batching and timings',
    { 200: json('The model.', anyObject) },
    [404],
    [NAME],
  ),
  '/livez': ofOperations('live', 'Liveness: the process runs', { 200: json('The process runs.', anyObject) }),
  '/readyz': ofOperations('ready', 'Readiness: the models are loaded and the process is not shutting down', {
    200: json('Ready.', anyObject),
    503: json('Not ready; the body gives the reason.', anyObject),
  }),
  '/metrics': ofOperations('metrics', "Metrics in Prometheus' text format", {
    200: { description: 'The metrics.', content: { 'text/plain': { schema: text } } },
  }),
};

const change = (id: string, summary: string, answer: Schema, parameters: readonly Schema[] = [NAME]): Schema => ({
  post: operation({
    id,
    summary,
    tag: ADMIN.name,
    parameters,
    responses: { 200: json('The change is complete.', answer), ...problemResponses.of(403, 404, 422) },
    security: ANY_KEY,
  }),
});

const CHANGES: Readonly<Record<string, Schema>> = {
  '/admin/models/{name}/load': change('loadModel', 'Load or reload a model', ref('ModelSummary')),
  '/admin/models/{name}/unload': change('unloadModel', 'Unload a model', ref('ModelSummary')),
  '/admin/models/refresh': change(
    'refreshModels',
    'Load, reload and unload models to match the models folder',
    arrayOf(ref('ModelSummary')),
    [],
  ),
};

/** The server's operations outside its protocols: models, probes, metrics and, if enabled, administration. */
export function ownOperations(administered: boolean): ApiPart {
  return {
    tags: [MODELS, OPERATIONS, ...(administered ? [ADMIN] : [])],
    paths: { ...READING, ...(administered && CHANGES) },
    schemas: SCHEMAS,
  };
}
