import type { ConvertedType, SchemaElement } from 'hyparquet';

/** A column of a Parquet file. Its values are read and written as they are stored, so that none changes. */
export interface ParquetColumn {
  readonly name: string;
  /** Its schema element in the input and the output. */
  readonly element: SchemaElement;
  /** The same without types that would convert stored values; texts stay texts. */
  readonly stored: SchemaElement;
  /** Converts a stored value to a record's; undefined for a type that no feature has. */
  readonly toFeature: ((value: never) => unknown) | undefined;
}

export function columnOf(element: SchemaElement): ParquetColumn {
  const { converted_type: converted, logical_type: logical, ...stored } = element;
  const isText = converted === 'UTF8' || logical?.type === 'STRING' || converted === 'ENUM' || logical?.type === 'ENUM';
  return {
    name: element.name,
    element: logical?.type === 'INTEGER' ? withConverted(element, logical) : element,
    stored: isText ? { ...stored, converted_type: 'UTF8' } : stored,
    toFeature: isText ? (text: string) => text : toNumber(element),
  };
}

/** The writer encodes `bitWidth` in more bytes than readers accept; the older member says the same. */
function withConverted(
  { logical_type: _, ...element }: SchemaElement,
  { bitWidth, isSigned }: { readonly bitWidth: number; readonly isSigned: boolean },
): SchemaElement {
  return { ...element, converted_type: `${isSigned ? '' : 'U'}INT_${bitWidth}` as ConvertedType };
}

/** The column's type as messages name it. */
export const typeOf = ({ type, logical_type: logical, converted_type: converted }: SchemaElement): string =>
  logical?.type ?? converted ?? type ?? 'a group';

function toNumber(element: SchemaElement): ParquetColumn['toFeature'] {
  const { type, scale = 0 } = element;
  const name = typeOf(element);
  if (name === 'DECIMAL') return (value: number | bigint | Uint8Array) => Number(`${unscaled(value)}e-${scale}`);
  if (name !== type && name !== 'NULL' && !isInteger(element)) return undefined;
  const unsigned = isUnsigned(element);
  if (type === 'BOOLEAN') return (value: boolean) => value;
  if (type === 'FLOAT' || type === 'DOUBLE') return (value: number) => (Number.isNaN(value) ? null : value);
  if (type === 'INT32') return (value: number) => (unsigned ? value >>> 0 : value);
  if (type === 'INT64') return (value: bigint) => smallest(unsigned ? BigInt.asUintN(64, value) : value);
  return undefined;
}

const isInteger = ({ logical_type: logical, converted_type: converted }: SchemaElement): boolean =>
  logical?.type === 'INTEGER' || /^U?INT_/.test(converted ?? '');

const isUnsigned = ({ logical_type: logical, converted_type: converted }: SchemaElement): boolean =>
  (logical?.type === 'INTEGER' && !logical.isSigned) || converted?.startsWith('UINT_') === true;

/** A safe integer as a number, any other as a bigint, as the exact JSON parser does. */
const smallest = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

/** A decimal's digits; bytes are big-endian. */
function unscaled(value: number | bigint | Uint8Array): number | bigint {
  if (!(value instanceof Uint8Array)) return value;
  const digits = value.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(8 * value.length, digits);
}
