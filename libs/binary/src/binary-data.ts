import { isUtf8 } from 'node:buffer';
import { NestorError, quote, showShape } from '#errors';
import { BYTES_PER_ELEMENT, type Datatype, type Tensor, type TensorData, type TensorSpec } from '#tensor';

/** A tensor before its data has arrived. */
export interface ExpectedData {
  readonly spec: TensorSpec;
  readonly shape: readonly number[];
  /** Elements of the shape. */
  readonly count: number;
}

/** The size in bytes of the length before each element of BYTES, a little-endian unsigned integer. */
const LENGTH_BYTES = 4;

type Numeric = Exclude<Datatype, 'BYTES'>;

/** A view of memory, not a copy. Node runs only on little-endian machines, so the bytes are the elements. */
const VIEWS: { [D in Numeric]: (buffer: ArrayBuffer, offset: number, length: number) => TensorData } = {
  BOOL: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  UINT8: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  UINT16: (buffer, offset, length) => new Uint16Array(buffer, offset, length),
  UINT32: (buffer, offset, length) => new Uint32Array(buffer, offset, length),
  UINT64: (buffer, offset, length) => new BigUint64Array(buffer, offset, length),
  INT8: (buffer, offset, length) => new Int8Array(buffer, offset, length),
  INT16: (buffer, offset, length) => new Int16Array(buffer, offset, length),
  INT32: (buffer, offset, length) => new Int32Array(buffer, offset, length),
  INT64: (buffer, offset, length) => new BigInt64Array(buffer, offset, length),
  FP16: (buffer, offset, length) => new Uint16Array(buffer, offset, length),
  FP32: (buffer, offset, length) => new Float32Array(buffer, offset, length),
  FP64: (buffer, offset, length) => new Float64Array(buffer, offset, length),
};

/**
 * Reads an input sent as bytes: little-endian, row-major, nothing between the elements. A view of `bytes` where they
 * are aligned for the datatype, else a copy; strings are always read.
 *
 * @throws NestorError INVALID_TENSOR
 */
export function readBinaryData(expected: ExpectedData, bytes: Buffer): TensorData {
  const { spec, shape, count } = expected;
  if (spec.datatype === 'BYTES') return readStrings(expected, bytes);
  const elementBytes = BYTES_PER_ELEMENT[spec.datatype];
  if (bytes.length !== count * elementBytes) {
    throw new NestorError(
      'INVALID_TENSOR',
      `Input ${quote(spec.name)} has ${bytes.length} byte(s) of data; shape ${showShape(shape)} of ${spec.datatype} has ${count * elementBytes}.`,
    );
  }
  if (spec.datatype === 'BOOL') requireBooleans(spec.name, bytes);
  const aligned = bytes.byteOffset % elementBytes === 0 ? bytes : Buffer.from(bytes);
  return VIEWS[spec.datatype](aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
}

/** A tensor as bytes: a view of its data, except for strings. */
export function writeBinaryData({ datatype, data }: Tensor): Uint8Array {
  if (datatype === 'BYTES') return writeStrings(data as readonly string[]);
  const { buffer, byteOffset, byteLength } = data as Exclude<TensorData, string[]>;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The text of one element of BYTES. */
export function readText(inputName: string, element: number, bytes: Buffer): string {
  // ONNX Runtime takes UTF-8 up to the first NUL: anything else would reach the model changed.
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  throw new NestorError(
    'INVALID_TENSOR',
    `Element ${element} of input ${quote(inputName)} is not UTF-8 without NUL characters, which is what the model's strings are made of.`,
  );
}

function requireBooleans(name: string, bytes: Buffer): void {
  const wrong = bytes.findIndex((byte) => byte > 1);
  if (wrong === -1) return;
  throw new NestorError(
    'INVALID_TENSOR',
    `Element ${wrong} of input ${quote(name)} is the byte ${bytes[wrong]!}; BOOL takes 0 and 1.`,
  );
}

function readStrings({ spec: { name }, shape, count }: ExpectedData, bytes: Buffer): string[] {
  // Checked before allocating anything: a huge shape is easy to write.
  if (count * LENGTH_BYTES > bytes.length) throw cutShort(name, shape, Math.floor(bytes.length / LENGTH_BYTES), count);
  const strings: string[] = [];
  let at = 0;
  for (let element = 0; element < count; element += 1) {
    const start = at + LENGTH_BYTES;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(at) : Infinity;
    if (end > bytes.length) throw cutShort(name, shape, element, count);
    strings.push(readText(name, element, bytes.subarray(start, end)));
    at = end;
  }
  if (at === bytes.length) return strings;
  throw new NestorError(
    'INVALID_TENSOR',
    `Input ${quote(name)} has ${bytes.length - at} byte(s) after the ${count} element(s) of its shape ${showShape(shape)}.`,
  );
}

function cutShort(name: string, shape: readonly number[], element: number, count: number): NestorError {
  return new NestorError(
    'INVALID_TENSOR',
    `The data of input ${quote(name)} ends within element ${element}; shape ${showShape(shape)} has ${count}, each with its length in 4 bytes before it.`,
  );
}

function writeStrings(strings: readonly string[]): Buffer {
  const lengths = strings.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, 0));
  let at = 0;
  strings.forEach((text, element) => {
    at = bytes.writeUInt32LE(lengths[element]!, at);
    at += bytes.write(text, at);
  });
  return bytes;
}
