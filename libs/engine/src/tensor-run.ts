import { listNames, NestorError, quote } from '#errors';
import type { Tensors } from '#tensor';
import { InputCollector, targetOf } from './input-collector.ts';
import type { ModelVersion } from './model-version.ts';
import type { Run } from './request.ts';

/**
 * Checks tensors, and makes a run of them.
 * @throws NestorError INVALID_TENSOR, NO_ROWS, TOO_MANY_ROWS if the model does not take them
 */
export function runOf(model: ModelVersion, tensors: Tensors, outputs: readonly string[] | undefined): Run {
  const collector = new InputCollector(targetOf(model));
  for (const [name, tensor] of Object.entries(tensors)) {
    const { count } = collector.expect(name, tensor.datatype, tensor.shape);
    if (tensor.data.length !== count) {
      const has = `Input ${quote(name)} has ${tensor.data.length} elements`;
      throw new NestorError('INVALID_TENSOR', `${has}; its shape has ${count}.`);
    }
    collector.add(name, tensor);
  }
  const known = model.signature.outputs.map(({ name }) => name);
  const unknown = outputs?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new NestorError('INVALID_TENSOR', `The model has no output ${quote(unknown)}; it has ${listNames(known)}.`);
  return { ...collector.finish(), asSent: true, outputs };
}
