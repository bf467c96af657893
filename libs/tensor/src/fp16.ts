/// <reference lib="es2025.float16" />
import { HalfArray, roundToHalf } from './half-precision.ts';
import type { Tensor } from './tensor.ts';

/** The largest finite FP16 number. */
export const MAX_FP16 = 65504;

/**
 * FP16 bits seen as numbers: a view of the same memory, through which elements are read and written. A number written
 * is rounded to the nearest FP16 (ties to even) and becomes infinite beyond `MAX_FP16`; see `fitsFp16`.
 */
export function fp16View(bits: Uint16Array): Float16Array {
  return new HalfArray(bits.buffer, bits.byteOffset, bits.length);
}

/** The elements of a tensor of floats as numbers, in place. */
export function floatsOf({ datatype, data }: Tensor): Float16Array | Float32Array | Float64Array {
  return datatype === 'FP16' ? fp16View(data as Uint16Array) : (data as Float32Array | Float64Array);
}

/** Whether a number is finite, also as FP16. Numbers up to half a step above `MAX_FP16` round down to it. */
export function fitsFp16(value: number): boolean {
  return Number.isFinite(roundToHalf(value));
}
