import { CATALOGUE, type ErrorCode, NestorError } from '#errors';
import { type ErrorResponse } from '../http/send-error.ts';
import { renderProblem } from '../http/problem.ts';
import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const text: Schema = { type: 'string' };
const row: Schema = { type: 'integer', minimum: 0, description: 'The index of the row, from 0.' };

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
  Warning: {
    description: 'For example, a value that training has not seen.',
    ...objectOf({ row, field: text, detail: text }, ['row', 'field']),
  },
  Warnings: arrayOf(ref('Warning')),
};

/** Error statuses of every call: the server may require keys, and limit the rate. */
const OF_EVERY_CALL = [401, 429] as const;
/** Further error statuses of calls for predictions. */
const OF_PREDICTIONS = [400, 404, 408, 413, 415, 422, 500, 503, 504] as const;
/** Further error statuses of the other calls. */
const OF_OTHERS = [400, 403, 404, 413, 415, 422, 503] as const;
export type Refusal = (typeof OF_OTHERS)[number];

/**
 * The error responses of one protocol. Each is in the components once, and operations refer to it. Each model has several
 * operations for predictions; these refer to one response for all statuses, so that tools can load the description of 200
 * models.
 */
export class ErrorResponses {
  /** The components that the others refer to, by name. */
  readonly components: Readonly<Record<string, Schema>>;
  /** The responses of an operation for predictions, by status. */
  readonly ofPredictions: Schema;
  readonly #schema: string;
  readonly #render: (error: NestorError) => ErrorResponse;

  /** @param schema the name of the schema of an error's body */
  constructor(schema: string, render: (error: NestorError) => ErrorResponse) {
    this.#schema = schema;
    this.#render = render;
    const predicting = [...OF_EVERY_CALL, ...OF_PREDICTIONS].toSorted();
    const single = [...OF_EVERY_CALL, ...OF_OTHERS].map((status) => [`${schema}${status}`, this.#response([status])]);
    this.components = {
      ...(Object.fromEntries(single) as Record<string, Schema>),
      [schema]: this.#response(predicting),
    };
    this.ofPredictions = { '4XX': this.#ref(''), '5XX': this.#ref('') };
  }

  /** The responses of any other operation, by status. */
  of(...statuses: readonly Refusal[]): Schema {
    return Object.fromEntries([...statuses, ...OF_EVERY_CALL].map((status) => [status, this.#ref(String(status))]));
  }

  #ref(status: string): Schema {
    return { $ref: `#/components/responses/${this.#schema}${status}` };
  }

  /** Has each of the catalogue's errors with one of these statuses as an example. */
  #response(statuses: readonly number[]): Schema {
    const codes = (Object.keys(CATALOGUE) as ErrorCode[]).filter((code) => statuses.includes(CATALOGUE[code].status));
    const errors = codes.map((code) => [code, this.#render(new NestorError(code, CATALOGUE[code].title))] as const);
    const examples = errors.map(([code, { body }]) => [code, { summary: CATALOGUE[code].title, value: body }]);
    return {
      description: codes.map((code) => `${CATALOGUE[code].status} \`${code}\`: ${CATALOGUE[code].title}`).join('\n\n'),
      content: {
        [errors[0]![1].contentType]: { schema: ref(this.#schema), examples: Object.fromEntries(examples) as Schema },
      },
      ...(statuses.some((status) => status === 429 || status === 503) && { headers: RETRY_AFTER }),
    };
  }
}

const RETRY_AFTER: Schema = {
  'Retry-After': {
    description: 'Seconds to wait before a retry. Sent with 429 and 503.',
    schema: { type: 'integer', minimum: 1 },
  },
};

/** The error responses in Nestor's own form. */
export const problemResponses = new ErrorResponses('Problem', (error) =>
  renderProblem(error, { id: '5d0a4f0e-2c0b-4d6e-9a55-1f6f5c0e8b7d' }),
);
