import type { ExpectedInput } from '#engine';
import { describe, NestorError, quote, showShape } from '#errors';
import { allocate, type Datatype, fitsFp16, fp16View, MAX_FP16, type TensorData } from '#tensor';

/** Writes values into `target` from `at` on. Returns the index of the first value that the datatype refuses, or -1. */
type Fill = (target: TensorData, at: number, values: readonly unknown[]) => number;

const MAX_FP32 = 3.4028234663852886e38;
/** 20 digits hold every 64-bit integer, so longer texts are rejected unparsed. */
const LONGEST_INTEGER = '-18446744073709551615'.length;

/**
 * Reads an input's `data`: flat in row-major order, or nested like its shape. Nothing is coerced, nothing wraps around,
 * and 64-bit integers keep every digit.
 *
 * @param exactData parses the same data with long integers as strings; called only if a double cannot hold a
 * 64-bit integer exactly
 * @throws NestorError INVALID_TENSOR
 */
export function readJsonData(expected: ExpectedInput, data: unknown, exactData: () => unknown): TensorData {
  const { spec, shape, count } = expected;
  requireStructure(expected, data);
  const target = allocate(spec.datatype, count);
  if (spec.datatype !== 'INT64' && spec.datatype !== 'UINT64') {
    write(expected, target, shape, data, FILLS[spec.datatype]);
    return target;
  }
  const range = BIG_RANGES[spec.datatype];
  const losses = { inexact: false };
  write(expected, target, shape, data, fillSafeIntegers(range, losses));
  if (losses.inexact) write(expected, target, shape, exactData(), fillDigits(range));
  return target;
}

/** Checks the structure but not the leaves: afterwards, the number of leaves matches the shape. */
function requireStructure({ spec, shape, count }: ExpectedInput, data: unknown): void {
  const { name } = spec;
  if (data === undefined) throw new NestorError('INVALID_TENSOR', `Input ${quote(name)} has no data.`);
  if (isFlat(data, shape)) {
    const length = Array.isArray(data) ? data.length : 1;
    if (length === count) return;
    throw new NestorError(
      'INVALID_TENSOR',
      `Input ${quote(name)} has ${length} element(s) of data; shape ${showShape(shape)} has ${count}.`,
    );
  }
  if (isNestedAs(shape, 0, data)) return;
  throw new NestorError(
    'INVALID_TENSOR',
    `The data of input ${quote(name)} is not nested like its shape ${showShape(shape)}; nest it so, or send one flat list.`,
  );
}

/** A scalar's data may lack brackets: libraries that nest a list once per dimension send it so. */
function isFlat(data: unknown, shape: readonly number[]): boolean {
  if (!Array.isArray(data)) return shape.length === 0;
  return shape.length < 2 || !Array.isArray(data[0]);
}

/** Recurses only as deep as the shape, however deep the data is. */
function isNestedAs(shape: readonly number[], axis: number, data: unknown): boolean {
  if (axis === shape.length) return true;
  if (!Array.isArray(data) || data.length !== shape[axis]) return false;
  return axis === shape.length - 1 || data.every((inner) => isNestedAs(shape, axis + 1, inner));
}

function write(expected: ExpectedInput, target: TensorData, shape: readonly number[], data: unknown, fill: Fill): void {
  if (isFlat(data, shape)) {
    fillAll(expected, target, 0, Array.isArray(data) ? data : [data], fill);
    return;
  }
  let at = 0;
  const descend = (axis: number, list: readonly unknown[]): void => {
    if (axis === shape.length - 1) {
      fillAll(expected, target, at, list, fill);
      at += list.length;
    } else for (const inner of list) descend(axis + 1, inner as readonly unknown[]);
  };
  descend(0, data as readonly unknown[]);
}

function fillAll(
  { spec }: ExpectedInput,
  target: TensorData,
  at: number,
  values: readonly unknown[],
  fill: Fill,
): void {
  const refused = fill(target, at, values);
  if (refused === -1) return;
  const { name, datatype } = spec;
  const value = values[refused];
  // JSON.parse turns a literal such as 1e400 into Infinity.
  const came = value === Infinity || value === -Infinity ? 'too large for a double' : describe(value);
  throw new NestorError(
    'INVALID_TENSOR',
    `Element ${at + refused} of input ${quote(name)} is ${came}; ${datatype} takes ${TAKES[datatype]}.`,
  );
}

const NO_NULL = 'NaN and infinities can be sent as binary data';

/** What each datatype accepts in JSON, in the words of errors. */
const TAKES: Readonly<Record<Datatype, string>> = {
  BOOL: 'true and false',
  UINT8: 'whole numbers from 0 to 255',
  UINT16: 'whole numbers from 0 to 65535',
  UINT32: 'whole numbers from 0 to 4294967295',
  UINT64: 'whole numbers from 0 to 18446744073709551615, written in digits alone',
  INT8: 'whole numbers from -128 to 127',
  INT16: 'whole numbers from -32768 to 32767',
  INT32: 'whole numbers from -2147483648 to 2147483647',
  INT64: 'whole numbers from -9223372036854775808 to 9223372036854775807, written in digits alone',
  FP16: `numbers from -${MAX_FP16} to ${MAX_FP16} (${NO_NULL})`,
  FP32: `numbers from -${MAX_FP32} to ${MAX_FP32} (${NO_NULL})`,
  FP64: `numbers (${NO_NULL})`,
  BYTES: 'strings of well-formed Unicode without NUL characters',
};

const fillIntegers =
  (low: number, high: number): Fill =>
  (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value !== 'number' || value < low || value > high || !Number.isInteger(value)) return i;
      (target as Int32Array)[at + i] = value;
    }
    return -1;
  };

const FILLS: Readonly<Record<Exclude<Datatype, 'INT64' | 'UINT64'>, Fill>> = {
  BOOL: (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value !== 'boolean') return i;
      target[at + i] = value ? 1 : 0;
    }
    return -1;
  },
  UINT8: fillIntegers(0, 0xff),
  UINT16: fillIntegers(0, 0xffff),
  UINT32: fillIntegers(0, 0xffff_ffff),
  INT8: fillIntegers(-0x80, 0x7f),
  INT16: fillIntegers(-0x8000, 0x7fff),
  INT32: fillIntegers(-0x8000_0000, 0x7fff_ffff),
  FP16: (target, at, values) => {
    const numbers = fp16View(target as Uint16Array);
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value !== 'number' || !fitsFp16(value)) return i;
      numbers[at + i] = value;
    }
    return -1;
  },
  FP32: (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      // A literal just above the highest value still rounds to it: numpy prints float32's maximum as 3.4028235e+38.
      if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) return i;
      (target as Float32Array)[at + i] = value;
    }
    return -1;
  },
  FP64: (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value !== 'number' || !Number.isFinite(value)) return i;
      (target as Float64Array)[at + i] = value;
    }
    return -1;
  },
  BYTES: (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      // ONNX Runtime reads UTF-8 up to the first NUL: anything else would reach the model changed.
      if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) return i;
      (target as string[])[at + i] = value;
    }
    return -1;
  },
};

interface BigRange {
  readonly low: bigint;
  readonly high: bigint;
}

const BIG_RANGES: Readonly<Record<'INT64' | 'UINT64', BigRange>> = {
  INT64: { low: -(2n ** 63n), high: 2n ** 63n - 1n },
  UINT64: { low: 0n, high: 2n ** 64n - 1n },
};

/** Fills in the integers that a double holds exactly. `losses` tells whether any others are left for `fillDigits`. */
const fillSafeIntegers =
  ({ low }: BigRange, losses: { inexact: boolean }): Fill =>
  (target, at, values) => {
    const least = low === 0n ? 0 : -Infinity;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value !== 'number' || value < least || !Number.isInteger(value)) return i;
      if (Number.isSafeInteger(value)) (target as BigInt64Array)[at + i] = BigInt(value);
      else losses.inexact = true;
    }
    return -1;
  };

/** Fills in the long integers from their digits. `fillSafeIntegers` has checked that every value is an integer. */
const fillDigits =
  ({ low, high }: BigRange): Fill =>
  (target, at, values) => {
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (typeof value === 'string') {
        const integer = value.length <= LONGEST_INTEGER ? BigInt(value) : high + 1n;
        if (integer < low || integer > high) return i;
        (target as BigInt64Array)[at + i] = integer;
      } else if (!Number.isSafeInteger(value)) return i;
    }
    return -1;
  };
