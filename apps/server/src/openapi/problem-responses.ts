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

/** The error answers of an operation by status, each with the codes of the catalogue that it may carry. */
export function problemResponses(statuses: readonly number[]): Schema {
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status)]));
}

function problemResponse(status: number): Schema {
  const codes = (Object.keys(CATALOGUE) as ErrorCode[]).filter((code) => CATALOGUE[code].status === status);
  return {
    description: codes.map((code) => `\`${code}\`: ${CATALOGUE[code].title}`).join('\n\n'),
    content: { 'application/problem+json': { schema: ref('Problem') } },
    ...(status === 429 || status === 503 ? { headers: RETRY_AFTER } : {}),
  };
}

const RETRY_AFTER: Schema = {
  'Retry-After': { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 1 } },
};
