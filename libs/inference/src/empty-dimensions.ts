import { NestorError } from '#errors';
import { DYNAMIC, type Signature, type Tensors } from '#tensor';

/**
 * What refuses a model's inputs where one of the dimensions that the model leaves open is 0. Not every kernel of ONNX
 * Runtime is made for that: LSTM and GRU abort the process, TopK and DFT divide by zero.
 *
 * @param operator of the model that may not survive it
 * @returns throws NestorError INVALID_TENSOR, naming input and dimension
 */
export function emptyDimensionsGuard({ inputs }: Signature, operator = 'an operator'): (tensors: Tensors) => void {
  const open = inputs.flatMap(({ name, shape }) =>
    shape.flatMap((size, dimension) => (size === DYNAMIC ? [{ name, dimension }] : [])),
  );
  return (tensors) => {
    for (const { name, dimension } of open) {
      const shape = tensors[name]?.shape;
      if (shape?.[dimension] !== 0) continue;
      throw new NestorError(
        'INVALID_TENSOR',
        `Input "${name}" has shape [${shape.join(', ')}], whose dimension ${dimension} is empty: ${operator} may end the process on that. ` +
          'Send at least one element there; "limits": {"emptyDimensions": true} in model.json lets the model have none.',
      );
    }
  };
}
