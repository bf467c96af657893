import { clip, listNames, NestorError } from '#errors';
import { type ModelFile, ModelLoadError, runRefusal } from '#onnx';
import type { Tensors } from '#tensor';

const RETRY_AFTER_SECONDS = 5;
const LONGEST_WORDS = 300;

/** Explains a failed run if the cause is known: a client's input, or a model that can no longer be opened. */
export function explainRunFailure(file: ModelFile): (cause: unknown, inputs: Tensors) => NestorError | undefined {
  return (cause, tensors) => {
    if (cause instanceof ModelLoadError) {
      const detail = `A worker thread ended, and its replacement cannot open the model: ${cause.detail}`;
      return new NestorError('MODEL_NOT_READY', detail, { cause, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const refusal = runRefusal(file, (cause as Error).message);
    if (refusal === undefined) return emptyInput(tensors, cause);
    const { operator, inputs, said } = refusal;
    const which = inputs.length === 1 ? 'its input' : 'one of its inputs';
    const detail = `The model does not take what ${which} ${listNames(inputs)} holds: its operator ${operator} says "${clip(said, LONGEST_WORDS)}".`;
    return new NestorError('INPUT_REFUSED', detail, { cause });
  };
}

/** With an empty dimension, many operators fail with a message that names no input. */
function emptyInput(tensors: Tensors, cause: unknown): NestorError | undefined {
  const [name, tensor] = Object.entries(tensors).find(([, { shape }]) => shape.includes(0)) ?? [];
  if (tensor === undefined) return undefined;
  const { shape } = tensor;
  const detail = `The model failed, and its input "${name}" has shape [${shape.join(', ')}], whose dimension ${shape.indexOf(0)} is empty. Send at least one element there.`;
  return new NestorError('INPUT_REFUSED', detail, { cause });
}
