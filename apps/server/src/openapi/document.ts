import type { ModelRepository } from '#models';
import type { ApiParts } from './api-parts.ts';
import { PROBLEM_SCHEMAS } from './error-responses.ts';
import { ownOperations } from './own-operations.ts';
import { recordSchema, schemaName } from './record-schema.ts';
import type { Schema } from './schema.ts';

export interface DocumentOptions {
  readonly version: string;
  /** Most rows of one request, where a model does not say itself. */
  readonly maxRows: number;
  /** Whether models can be changed while they are served. */
  readonly administered: boolean;
}

/** The OpenAPI 3.1 description of what is served now: it changes with the models. */
export function openApiDocument(models: ModelRepository, apis: ApiParts, options: DocumentOptions): Schema {
  const served = models.status().flatMap(({ served: versions }) => versions.slice(-1));
  const parts = [
    ...apis.describe({
      models: served,
      defaultModel: served.find(({ name }) => name === models.defaultModel),
      maxRowsOf: ({ manifest }) => manifest.limits?.maxRows ?? options.maxRows,
    }),
    ownOperations(options.administered),
  ];
  return {
    openapi: '3.1.1',
    info: {
      title: 'Nestor',
      version: options.version,
      description: 'Predictions of the models that this server serves, and what is to be known about them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: parts.flatMap(({ tags }) => tags),
    paths: Object.assign({}, ...parts.map(({ paths }) => paths)) as Schema,
    components: {
      schemas: Object.assign(
        {},
        PROBLEM_SCHEMAS,
        Object.fromEntries(served.map((model) => [schemaName(model.name), recordSchema(model)])),
        ...parts.map(({ schemas }) => schemas),
      ) as Schema,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
    // Keys are asked for only where the server was given some.
    security: [{}, { bearer: [] }, { apiKey: [] }],
  };
}
