import { allocate, type Datatype, type TensorData } from './datatype.ts';
import { elementCount, noTensors, type Tensor, type Tensors } from './tensor.ts';

/** Copies rows between arrays of one datatype. Typed arrays differ only in their type here, so one represents all. */
export function copyInto(target: TensorData, source: TensorData, at: number): void {
  if (Array.isArray(target)) for (let i = 0; i < source.length; i += 1) target[at + i] = source[i] as string;
  else (target as Float32Array).set(source as Float32Array, at);
}

/** Elements `from` to `to`: a view, or for strings a slice. */
export function viewOf(data: TensorData, from: number, to: number): TensorData {
  return Array.isArray(data) ? data.slice(from, to) : data.subarray(from, to);
}

/** A tensor whose datatype and data are known to go together. */
export const tensorOf = (datatype: Datatype, shape: readonly number[], data: TensorData): Tensor => ({
  datatype,
  shape,
  data,
});

/** A batch of this many rows, which repeats the samples, of one row each, in turn. */
export function stack(samples: readonly Tensors[], rows = samples.length): Tensors {
  const batch = noTensors();
  for (const [name, { datatype, shape }] of Object.entries(samples[0]!)) {
    const stride = elementCount(shape);
    const data = allocate(datatype, rows * stride);
    for (let row = 0; row < rows; row += 1) copyInto(data, samples[row % samples.length]![name]!.data, row * stride);
    batch[name] = tensorOf(datatype, [rows, ...shape.slice(1)], data);
  }
  return batch;
}
