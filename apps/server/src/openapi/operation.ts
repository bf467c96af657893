import type { ErrorResponses, Refusal } from './error-responses.ts';
import { type Schema } from './schema.ts';

const text: Schema = { type: 'string' };

/** A JSON response. */
export const json = (description: string, schema: Schema): Schema => ({
  description,
  content: { 'application/json': { schema } },
});

export const pathParameter = (name: string, description: string): Schema => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: text,
});

export interface OperationParts {
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  readonly description?: string;
  readonly parameters?: readonly Schema[];
  readonly requestBody?: Schema;
  readonly responses: Schema;
  /** The keys that it requires; by default those of all operations. */
  readonly security?: readonly Schema[];
}

/** One operation; OpenAPI's own names for its parts. */
export function operation({
  id,
  summary,
  tag,
  description,
  parameters,
  requestBody,
  responses,
  security,
}: OperationParts): Schema {
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(parameters && parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses,
    ...(security && { security }),
  };
}

/** A read-only path, with errors in the form of its protocol. */
export function reading(
  tag: string,
  errors: ErrorResponses,
): (
  id: string,
  summary: string,
  responses: Schema,
  statuses?: readonly Refusal[],
  parameters?: readonly Schema[],
) => Schema {
  return (id, summary, responses, statuses = [], parameters = []) => ({
    get: operation({ id, summary, tag, parameters, responses: { ...responses, ...errors.of(...statuses) } }),
  });
}
