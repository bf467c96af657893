import { CATALOGUE, type ErrorCode } from '#errors';
import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const row: Schema = { type: 'integer', minimum: 0, description: 'The row, from 0.' };

/** RFC 9457, with the catalogue's code; `errors` names row and field. */
export const PROBLEM_SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: objectOf(
    {
      type: { type: 'string', format: 'uri' },
      title: text,
      status: { type: 'integer' },
      code: { enum: Object.keys(CATALOGUE) },
      detail: text,
      action: text,
      errors: arrayOf(ref('Issue')),
      requestId: text,
    },
    ['errors'],
  ),
  Issue: objectOf({ row, field: text, detail: text }, ['row', 'field']),
  Warning: objectOf({ row, field: text, detail: text }, ['row', 'field']),
};

/** What any call may be answered: a key is asked for where the server was given some, and a rate may be set. */
const OF_EVERY_CALL = [401, 429] as const;
/** What a call for predictions may be answered beside its predictions. */
export const PREDICTION_ERRORS = [400, 404, 408, 413, 415, 422, 500, 503, 504] as const;

/** Makes the error answers of an operation by status, each with the codes of the catalogue that it may carry. */
export type ErrorResponses = (...statuses: readonly number[]) => Schema;

/** The error answers of a protocol whose errors have this media type and schema. */
export const errorResponses =
  (mediaType: string, schema: Schema): ErrorResponses =>
  (...statuses) =>
    Object.fromEntries(
      [...statuses, ...OF_EVERY_CALL].map((status) => [status, errorResponse(status, mediaType, schema)]),
    );

/** Those of Nestor's own form. */
export const problemResponses = errorResponses('application/problem+json', ref('Problem'));

function errorResponse(status: number, mediaType: string, schema: Schema): Schema {
  const codes = (Object.keys(CATALOGUE) as ErrorCode[]).filter((code) => CATALOGUE[code].status === status);
  return {
    description: codes.map((code) => `\`${code}\`: ${CATALOGUE[code].title}`).join('\n\n'),
    content: { [mediaType]: { schema } },
    ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}),
  };
}

const RETRY_AFTER: Schema = {
  'Retry-After': { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 1 } },
};
