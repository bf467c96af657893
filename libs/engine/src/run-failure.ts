import { clip, listNames, NestorError } from '#errors';
import { type ModelFile, ModelLoadError, runRefusal } from '#onnx';

const RETRY_AFTER_SECONDS = 5;
const LONGEST_WORDS = 300;

/** What a run failed of, where that is known: a client's input, or a model that cannot be opened any more. */
export function explainRunFailure(file: ModelFile): (cause: unknown) => NestorError | undefined {
  return (cause) => {
    if (cause instanceof ModelLoadError) {
      const detail = `A worker thread ended, and the one in its place cannot open the model: ${cause.detail}`;
      return new NestorError('MODEL_NOT_READY', detail, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const refusal = runRefusal(file, (cause as Error).message);
    if (refusal === undefined) return undefined;
    const { operator, inputs, said } = refusal;
    const which = inputs.length === 1 ? 'its input' : 'one of its inputs';
    const detail = `The model does not take what ${which} ${listNames(inputs)} holds: its operator ${operator} says "${clip(said, LONGEST_WORDS)}".`;
    return new NestorError('INPUT_REFUSED', detail, { cause });
  };
}
