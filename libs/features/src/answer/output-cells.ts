import { type Datatype, HalfArray, type TensorData } from '#tensor';
import type { Findings } from '../findings.ts';
import { shortestFloat16, shortestFloat32 } from './shortest.ts';

/** A value of an answer as in JSON. A 64-bit integer that no number holds exactly stays a bigint. */
export type Scalar = number | bigint | boolean | string | null;

/** The name of a class. */
export type Label = string | number;

/** Reads one element of an output. */
export type ReadCell = (data: TensorData, at: number, row: number, findings: Findings) => Scalar;

/**
 * Returns the reader for an output's elements. Floats have the fewest digits that read back to the same element. NaN
 * and infinities, which JSON cannot express, become null with a warning. With labels, a whole number is the index of a
 * label, unless the labels are numbers: such an output contains the labels themselves.
 */
export function cellReader(name: string, datatype: Datatype, labels?: readonly Label[]): ReadCell {
  switch (datatype) {
    case 'FP32':
      return (data, at, row, findings) => {
        const value = data[at] as number;
        return Number.isFinite(value) ? shortestFloat32(value) : notFinite(value, name, row, findings);
      };
    case 'FP64':
      return (data, at, row, findings) => {
        const value = data[at] as number;
        return Number.isFinite(value) ? value : notFinite(value, name, row, findings);
      };
    case 'FP16':
      return halfReader(name);
    case 'BOOL':
      return (data, at) => data[at] !== 0;
    case 'BYTES':
      return (data, at) => data[at] as string;
    default:
      return labels?.some((label) => typeof label === 'string') === true ? labelReader(name, labels) : readInteger;
  }
}

/** The JSON text of a value. */
export function literal(value: Scalar): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

const readInteger: ReadCell = (data, at) => {
  const value = data[at] as number | bigint;
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

function halfReader(name: string): ReadCell {
  const bits = new Uint16Array(1);
  const half = new HalfArray(bits.buffer);
  return (data, at, row, findings) => {
    bits[0] = data[at] as number;
    const value = half[0]!;
    return Number.isFinite(value) ? shortestFloat16(value) : notFinite(value, name, row, findings);
  };
}

function labelReader(name: string, labels: readonly Label[]): ReadCell {
  return (data, at, row, findings) => {
    const index = readInteger(data, at, row, findings) as number | bigint;
    const label = typeof index === 'number' ? labels[index] : undefined;
    if (label !== undefined) return label;
    findings.warn(row, name, `is ${index}, for which there is no label`);
    return index;
  };
}

/** Adds a warning and returns null. */
export function notFinite(value: number, name: string, row: number, findings: Findings): null {
  findings.warn(row, name, `is ${value}, which JSON cannot carry, and is answered as null`);
  return null;
}
