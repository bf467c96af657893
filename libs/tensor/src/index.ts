export { allocate, BYTES_PER_ELEMENT, type DataOf, type Datatype, DATATYPES, type TensorData } from './datatype.ts';
export type { Frame, Size } from './frame.ts';
export { fitsFp16, floatsOf, fp16View, MAX_FP16 } from './fp16.ts';
export { freeBuffer, freeView } from './free-buffer.ts';
export { HalfArray, roundToHalf } from './half-precision.ts';
export { copyInto, stack, tensorOf, viewOf } from './rows.ts';
export type { RowsKind } from './rows-kind.ts';
export { DYNAMIC, type Signature, type TensorSpec } from './signature.ts';
export { byteLength, elementCount, noTensors, type Tensor, type Tensors } from './tensor.ts';
