import type { Engine, ModelVersion } from '#engine';
import { NestorError, quote } from '#errors';
import type { ApiParts, ServedModels } from './api-parts.ts';
import { PROBLEM_SCHEMAS, problemResponses } from './error-responses.ts';
import { ownOperations } from './own-operations.ts';
import { recordSchema } from './record-schema.ts';
import { ROW_FORMS } from './row-forms.ts';
import type { Schema } from './schema.ts';
import { ANY_KEY, SECURITY_SCHEMES } from './security.ts';
import { schemaNames } from './schema-names.ts';
import { withoutUnused } from './without-unused.ts';

export interface DocumentOptions {
  readonly version: string;
  /** The path of this server's root for clients, without a trailing slash. */
  readonly publicPath: string;
  /** The only model to describe; all without it. */
  readonly model?: string | undefined;
  /** Whether `ADMIN` is on. */
  readonly administered: boolean;
  /** Whether requests need an API key. */
  readonly hasKeys: boolean;
}

/**
 * The OpenAPI 3.1 description of the models served now. A model's names in it are the same whether it is described
 * alone or with others.
 *
 * @throws NestorError UNKNOWN_MODEL if the only model to describe is not served
 */
export function openApiDocument(models: Engine, apis: ApiParts, options: DocumentOptions): Schema {
  const all = models.status().flatMap(({ latest }) => latest ?? []);
  const served = options.model === undefined ? all : all.filter(({ name }) => name === options.model);
  if (options.model !== undefined && served.length === 0)
    throw new NestorError('UNKNOWN_MODEL', `Model ${quote(options.model)} is not served.`);
  const partsOf = (shown: ServedModels) => [...apis.describe(shown), ownOperations(options.administered)];
  // Without models, what remains are the schemas that belong to no model.
  const fixed = partsOf({ models: [], defaultModel: undefined, schemaOf: () => '' });
  const names = schemaNames(
    all.map(({ name }) => name),
    [PROBLEM_SCHEMAS, ROW_FORMS, ...fixed.map(({ schemas }) => schemas)].flatMap(Object.keys),
  );
  const schemaOf = ({ name }: ModelVersion): string => names.get(name)!;
  const defaultModel = served.find(({ name }) => name === models.defaultModel);
  const parts = partsOf({ models: served, defaultModel, schemaOf });
  return withoutUnused({
    openapi: '3.1.1',
    info: {
      title: 'Nestor',
      version: options.version,
      description: 'Get predictions from the models of this server, and read about the models.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: options.publicPath || '/' }],
    tags: parts.flatMap(({ tags }) => tags),
    paths: Object.assign({}, ...parts.map(({ paths }) => paths)) as Schema,
    components: {
      schemas: Object.assign(
        {},
        PROBLEM_SCHEMAS,
        ROW_FORMS,
        Object.fromEntries(served.map((model) => [schemaOf(model), recordSchema(model)])),
        ...parts.map(({ schemas }) => schemas),
      ) as Schema,
      responses: Object.assign({}, problemResponses.components, ...parts.map(({ responses }) => responses)) as Schema,
      parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)) as Schema,
      requestBodies: Object.assign({}, ...parts.map(({ requestBodies }) => requestBodies)) as Schema,
      ...((options.hasKeys || options.administered) && { securitySchemes: SECURITY_SCHEMES }),
    },
    ...(options.hasKeys && { security: ANY_KEY }),
  });
}
