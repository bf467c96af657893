import type { FieldReader } from './field-reader.ts';
import { ELEMENT, type StoredTensor } from './model-file.ts';
import { readEntry } from './read-entry.ts';

/** Shapes, axes and scales are short; weights are not, and are passed over. */
const MAX_NUMBERS = 64;
const MAX_RAW_BYTES = MAX_NUMBERS * 8;

/** TensorProto */
export function readTensor(reader: FieldReader): StoredTensor {
  let name = '';
  let elementType = 0;
  let raw: Buffer | undefined;
  let location: string | undefined;
  const shape: number[] = [];
  const listed: number[] = [];
  reader.fields({
    1: () => shape.push(...reader.integers()),
    2: () => (elementType = reader.integer()),
    4: () => listed.push(...reader.floats(MAX_NUMBERS)),
    5: () => listed.push(...reader.integers(MAX_NUMBERS)),
    7: () => listed.push(...reader.integers(MAX_NUMBERS)),
    8: () => (name = reader.text()),
    9: () => (raw = reader.length <= MAX_RAW_BYTES ? reader.bytes() : undefined),
    10: () => listed.push(...reader.doubles(MAX_NUMBERS)),
    11: () => listed.push(...reader.integers(MAX_NUMBERS)),
    13: () => {
      const [key, value] = readEntry(reader);
      if (key === 'location') location = value;
    },
  });
  const numbers = location === undefined ? complete(elementType, shape, raw, listed) : undefined;
  return {
    ...{ name, elementType, shape },
    ...(numbers && { numbers }),
    ...(location !== undefined && { location }),
  };
}

/** SparseTensorProto: the name is that of its values. Its contents are scattered: none are kept. */
export function readSparseTensor(reader: FieldReader): StoredTensor {
  let values: StoredTensor | undefined;
  const shape: number[] = [];
  reader.fields({
    1: () => (values = readTensor(reader)),
    3: () => shape.push(...reader.integers()),
  });
  return { name: values?.name ?? '', elementType: values?.elementType ?? 0, shape };
}

/** The tensor's numbers, where all of them were read. */
function complete(
  elementType: number,
  shape: readonly number[],
  raw: Buffer | undefined,
  listed: readonly number[],
): readonly number[] | undefined {
  const count = shape.reduce((product, size) => product * size, 1);
  const [bytes, numberAt] = RAW[elementType] ?? [];
  if (count > MAX_NUMBERS || bytes === undefined || numberAt === undefined) return undefined;
  if (raw?.length === count * bytes) return Array.from({ length: count }, (_, at) => Number(numberAt(raw, at * bytes)));
  return listed.length === count ? listed : undefined;
}

type NumberAt = (raw: Buffer, at: number) => number | bigint;

/** The datatypes whose numbers are kept: bytes of a number, and how they are read. */
const RAW: Readonly<Record<number, readonly [bytes: number, numberAt: NumberAt]>> = {
  [ELEMENT.FLOAT]: [4, (raw, at) => raw.readFloatLE(at)],
  [ELEMENT.UINT8]: [1, (raw, at) => raw.readUInt8(at)],
  [ELEMENT.INT8]: [1, (raw, at) => raw.readInt8(at)],
  [ELEMENT.UINT16]: [2, (raw, at) => raw.readUInt16LE(at)],
  [ELEMENT.INT16]: [2, (raw, at) => raw.readInt16LE(at)],
  [ELEMENT.INT32]: [4, (raw, at) => raw.readInt32LE(at)],
  [ELEMENT.INT64]: [8, (raw, at) => raw.readBigInt64LE(at)],
  [ELEMENT.BOOL]: [1, (raw, at) => raw.readUInt8(at)],
  [ELEMENT.DOUBLE]: [8, (raw, at) => raw.readDoubleLE(at)],
  [ELEMENT.UINT32]: [4, (raw, at) => raw.readUInt32LE(at)],
  [ELEMENT.UINT64]: [8, (raw, at) => raw.readBigUInt64LE(at)],
};
