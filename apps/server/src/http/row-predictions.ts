import type { FastifyRequest } from 'fastify';
import type { Caller, ModelVersion } from '#engine';
import { isObject, type Rows } from '#features';
import type { Question } from '../prediction/prediction-operation.ts';
import type { HttpPrediction } from './operation.ts';

/** Reads the rows or pictures of a request. */
export type ReadRows = (request: FastifyRequest, model: ModelVersion, gone: Caller['gone']) => Rows | Promise<Rows>;

/** A question, and the rows that it is about. */
export interface RowsQuestion extends Question {
  readonly rows: Rows;
}

type RowPredictions = Pick<HttpPrediction<RowsQuestion, string>, 'decode' | 'encode' | 'describe'>;

/** The parts of an operation that responds to rows with `{"predictions": […]}`, one item per row. */
export const rowPredictions = (read: ReadRows): RowPredictions => ({
  decode: (request, model, { gone }) => {
    const ask = (rows: Rows): RowsQuestion => {
      const { inputs, groups, count, asSent } = rows;
      return { run: { inputs, groups, rows: count, asSent, outputs: model.writer.rows.outputs }, rows };
    };
    const rows = read(request, model, gone);
    return rows instanceof Promise ? rows.then(ask) : ask(rows);
  },
  encode: (outputs, { rows }, { writer }) => `{"predictions":${writer.rows.json(outputs, rows)}}`,
  describe: ({ body }, answer) => ({ payload: (body as Buffer | undefined)?.toString(), answer }),
});

/** The items of `inputs` with a single named column, which may be pictures; else `inputs` unchanged. */
export function onlyColumn(inputs: unknown): unknown {
  if (!isObject(inputs)) return inputs;
  const [items, ...others] = Object.values(inputs);
  return others.length === 0 && Array.isArray(items) ? items : inputs;
}
