import type { Datatype } from '#tensor';

/** What ONNX Runtime calls each datatype. BF16, complex, 4-bit and FP8 types have no counterpart and cannot be passed. */
export const RUNTIME_TYPE = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Record<Datatype, string>;

const DATATYPE = new Map<string, Datatype>(
  Object.entries(RUNTIME_TYPE).map(([datatype, type]) => [type, datatype as Datatype]),
);

/** The datatype of a runtime type's name; undefined for the types that cannot be passed. */
export function datatypeOf(runtimeType: string): Datatype | undefined {
  return DATATYPE.get(runtimeType);
}

/** By the numbers of ONNX's element types. Source: onnx/onnx, onnx.proto, TensorProto.DataType. */
const BY_ELEMENT_TYPE: Readonly<Record<number, Datatype>> = {
  1: 'FP32',
  2: 'UINT8',
  3: 'INT8',
  4: 'UINT16',
  5: 'INT16',
  6: 'INT32',
  7: 'INT64',
  8: 'BYTES',
  9: 'BOOL',
  10: 'FP16',
  11: 'FP64',
  12: 'UINT32',
  13: 'UINT64',
};

/** Element types that cannot be passed to the runtime from Node. */
const UNPASSABLE: Readonly<Record<number, string>> = {
  14: 'COMPLEX64',
  15: 'COMPLEX128',
  16: 'BF16',
  17: 'FP8 (E4M3FN)',
  18: 'FP8 (E4M3FNUZ)',
  19: 'FP8 (E5M2)',
  20: 'FP8 (E5M2FNUZ)',
  21: 'UINT4',
  22: 'INT4',
  23: 'FP4 (E2M1)',
  24: 'FP8 (E8M0)',
  25: 'UINT2',
  26: 'INT2',
};

/** The datatype of an element type's number; undefined for the types that cannot be passed. */
export function datatypeOfElement(elementType: number): Datatype | undefined {
  return BY_ELEMENT_TYPE[elementType];
}

/** A readable name for an element type that has no datatype here. */
export function unpassableName(elementType: number): string {
  return UNPASSABLE[elementType] ?? `element type ${elementType}`;
}
