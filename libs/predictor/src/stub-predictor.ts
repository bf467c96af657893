import { NestorError } from '#errors';
import type { ModelType } from './model-type.ts';
import type { Prediction } from './prediction.ts';
import { predictMany } from './predict-many.ts';
import type { Predictor } from './predictor.ts';

/** What a stub answers: the same to every row, or by the row. */
type StubAnswer<Row, Answer> = Answer | ((row: Row) => Answer | Promise<Answer>);

/**
 * A predictor for tests: it judges rows as the model does, and answers what it is given. Neither a model nor ONNX Runtime is
 * loaded. A function that throws a PredictionError plays a failure.
 */
export function stubPredictor<Row, Answer = Prediction>(
  model: ModelType<Row, Answer> | string,
  answer: StubAnswer<Row, Answer>,
): Predictor<Row, Answer> {
  const type = typeof model === 'string' ? undefined : model;
  const answerOf = typeof answer === 'function' ? (answer as (row: Row) => Answer | Promise<Answer>) : () => answer;
  const predictRows = async (rows: readonly Row[]): Promise<Answer[]> => {
    type?.check(rows);
    return Promise.all(rows.map((row) => answerOf(row)));
  };
  function predict(rows: readonly Row[]): Promise<Answer[]>;
  function predict(row: Row): Promise<Answer>;
  async function predict(rows: Row | readonly Row[]): Promise<Answer | Answer[]> {
    return Array.isArray(rows) ? predictRows(rows as readonly Row[]) : (await predictRows([rows as Row]))[0]!;
  }
  return {
    name: type?.name ?? (model as string),
    predict,
    predictMany: (rows) => predictMany(predictRows, rows),
    run: () => Promise.reject(unplayed('run')),
    describe: () => Promise.reject(unplayed('describe')),
    isReady: async () => true,
  };
}

const unplayed = (method: string): NestorError =>
  new NestorError(
    'INTERNAL',
    `A stub has no ${method}: write { ...stubPredictor(…), ${method} } with one of the test's.`,
  );
