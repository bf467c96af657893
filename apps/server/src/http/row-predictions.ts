import type { FastifyRequest } from 'fastify';
import type { RowReader, Rows } from '#features';
import type { Question } from '../prediction/prediction-operation.ts';
import type { HttpPrediction } from './operation.ts';

/** Finds the rows in a request. */
export type ReadRows = (request: FastifyRequest, reader: RowReader) => Rows;

type RowPredictions = Pick<HttpPrediction<Question, string>, 'decode' | 'encode' | 'describe'>;

/** The part of an operation that takes rows and answers `{"predictions": […]}`, with an item for each. */
export const rowPredictions = (read: ReadRows): RowPredictions => ({
  decode: (request, { reader, writer }) => {
    const { inputs, count, asSent } = read(request, reader);
    return { run: { inputs, rows: count, asSent, outputs: writer.rows.outputs } };
  },
  encode: (outputs, { run }, { writer }) => `{"predictions":${writer.rows.json(outputs, run.rows)}}`,
  describe: ({ body }, answer) => ({ payload: (body as Buffer | undefined)?.toString(), answer }),
});
