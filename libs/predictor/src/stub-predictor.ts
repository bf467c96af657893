import type { ModelDescription } from '#engine';
import { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import type { ModelType } from './model-type.ts';
import { withOutputs } from './outputs.ts';
import type { Prediction } from './prediction.ts';
import type { Predictor } from './predictor.ts';
import { type RowCallOptions, RowPredictor } from './row-predictor.ts';

/** What a stub answers: the same for every row, or a function of the row. */
type StubAnswer<Row, Answer> = Answer | ((row: Row) => Answer | Promise<Answer>);

/**
 * A predictor for tests: it validates rows as the model does, and returns the given answers. It loads neither a model
 * nor ONNX Runtime. A function that throws a PredictionError simulates a failure.
 */
export function stubPredictor<Row, Answer = Prediction>(
  model: ModelType<Row, Answer> | string,
  answer: StubAnswer<Row, Answer>,
): Predictor<Row, Answer> {
  return new StubPredictor(model, answer);
}

class StubPredictor<Row, Answer> extends RowPredictor<Row, Answer> {
  readonly name: string;
  readonly #check: (rows: unknown) => void;
  readonly #answerOf: (row: Row) => Answer | Promise<Answer>;

  constructor(model: ModelType<Row, Answer> | string, answer: StubAnswer<Row, Answer>) {
    super();
    this.name = typeof model === 'string' ? model : model.name;
    this.#check = typeof model === 'string' ? () => undefined : model.check;
    this.#answerOf = typeof answer === 'function' ? (answer as (row: Row) => Answer | Promise<Answer>) : () => answer;
  }

  run(): Promise<Tensors> {
    return Promise.reject(unplayed('run'));
  }

  describe(): Promise<ModelDescription> {
    return Promise.reject(unplayed('describe'));
  }

  async isReady(): Promise<boolean> {
    return true;
  }

  protected async answer(rows: readonly Row[], { outputs }: RowCallOptions): Promise<readonly object[]> {
    this.#check(rows);
    const answers = await Promise.all(rows.map((row) => this.#answerOf(row)));
    return withOutputs(answers as readonly object[], outputs);
  }
}

const unplayed = (method: string): NestorError =>
  new NestorError(
    'INTERNAL',
    `A stub has no ${method}: write Object.assign(stubPredictor(…), { ${method} }) with your own.`,
  );
