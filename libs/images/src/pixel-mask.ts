import { allocate, DYNAMIC, elementCount, type Signature, type Tensor, tensorOf, type TensorSpec } from '#tensor';

/** The input that says which pixels are a picture's own, as transformers calls it. */
export const MASK = 'pixel_mask';

const DATATYPES: readonly string[] = ['BOOL', 'INT32', 'INT64', 'FP32'];

/** The mask that a model takes beside pictures; undefined where it takes none. */
export function maskOf({ inputs }: Signature): TensorSpec | undefined {
  return inputs.find(
    ({ name, datatype, shape }) => name === MASK && shape.length === 3 && DATATYPES.includes(datatype),
  );
}

/** The mask of pictures of one size, all of whose pixels are their own. @param pictures their tensor, as the model takes it */
export function maskFor({ datatype, shape: [, height, width] }: TensorSpec, pictures: Tensor, isLast: boolean): Tensor {
  const [count, ...inner] = pictures.shape;
  const [down, across] = isLast ? inner : inner.slice(-2);
  const shape = [count!, height === DYNAMIC ? down! : height!, width === DYNAMIC ? across! : width!];
  const data = allocate(datatype, elementCount(shape));
  if (datatype === 'INT64') (data as BigInt64Array).fill(1n);
  else (data as Uint8Array).fill(1);
  return tensorOf(datatype, shape, data);
}
