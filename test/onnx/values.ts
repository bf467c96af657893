/// <reference lib="esnext.float16" />

/** The elements of a tensor: numbers, big integers where a number would round them, or strings; null where JSON has it. */
export type Values = ArrayLike<number | bigint | string | boolean | null>;

type NumericArray = new (buffer: ArrayBuffer) => ArrayLike<number | bigint>;

const ARRAYS: Readonly<Record<string, NumericArray>> = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Float16Array,
  FP32: Float32Array,
  FP64: Float64Array,
};

/** Whether elements of the datatype may be a little off. */
export const isFloat = (datatype: string): boolean => datatype.startsWith('FP');

/** Reads the bytes of a binary tensor. */
export function valuesOf(datatype: string, bytes: Uint8Array): Values {
  if (datatype === 'BYTES') return stringsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const elements = ARRAYS[datatype];
  if (elements === undefined) throw new TypeError(`No tensor of datatype ${datatype} can be read.`);
  return new elements(Uint8Array.from(bytes).buffer);
}

/** Each string stands behind its length, in four bytes. */
function stringsOf(bytes: Buffer): string[] {
  const strings: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    strings.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return strings;
}
