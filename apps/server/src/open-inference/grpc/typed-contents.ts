import { readText } from '#binary';
import type { ExpectedInput } from '#engine';
import { NestorError, quote, showShape } from '#errors';
import { allocate, BYTES_PER_ELEMENT, type Datatype, type Tensor, type TensorData } from '#tensor';
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT, WireReader } from './wire-reader.ts';
import type { WireWriter } from './wire-writer.ts';

/** The fields of InferTensorContents by their numbers. */
const FIELDS = [
  '',
  'bool_contents',
  'int_contents',
  'int64_contents',
  'uint_contents',
  'uint64_contents',
  'fp32_contents',
  'fp64_contents',
  'bytes_contents',
];

/** Below this count, reading starts even if the contents are too short, so that the error can give the exact count. */
const FEW = 1024;

type Typed = Exclude<Datatype, 'FP16'>;

const FIELD_OF: Readonly<Record<Typed, number>> = {
  BOOL: 1,
  INT8: 2,
  INT16: 2,
  INT32: 2,
  INT64: 3,
  UINT8: 4,
  UINT16: 4,
  UINT32: 4,
  UINT64: 5,
  FP32: 6,
  FP64: 7,
  BYTES: 8,
};

/** The ranges of the datatypes that are narrower than the 32 bits of their elements on the wire. */
const NARROW: Partial<Record<Datatype, readonly [low: number, high: number]>> = {
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
};

/**
 * Reads an input's elements from an InferTensorContents, straight into the memory of its tensor. Nothing wraps around,
 * and 64-bit integers keep every digit.
 *
 * @throws NestorError INVALID_TENSOR, MALFORMED_BODY
 */
export function readTypedContents(expected: ExpectedInput, contents: Buffer): TensorData {
  const { datatype, name } = expected.spec;
  if (datatype === 'FP16') {
    throw new NestorError(
      'INVALID_TENSOR',
      `Input ${quote(name)} has contents, which have no field for FP16. Send the input in raw_input_contents.`,
    );
  }
  // Checked before allocating: a short request can claim a huge shape, but every element takes at least one byte.
  if (expected.count > Math.max(contents.length, FEW)) throw wrongCount(expected, 'too few');
  const field = FIELD_OF[datatype];
  const sink = new Sink(expected, datatype);
  const reader = new WireReader(contents);
  while (reader.next()) {
    if (reader.field === field) sink.read(reader);
    else if (reader.field < FIELDS.length) throw wrongField(name, datatype, reader.field);
    else reader.skip();
  }
  return sink.finish();
}

/** Collects elements in the order of arrival, packed into one field or one by one. */
class Sink {
  readonly #expected: ExpectedInput;
  readonly #datatype: Typed;
  readonly #data: TensorData;
  /** Views of `data` as bytes, and as halves of 64-bit integers. */
  readonly #bytes: Uint8Array;
  readonly #halves: Uint32Array;
  #length = 0;

  constructor(expected: ExpectedInput, datatype: Typed) {
    this.#expected = expected;
    this.#datatype = datatype;
    this.#data = datatype === 'BYTES' ? [] : allocate(datatype, expected.count);
    const buffer = Array.isArray(this.#data) ? new ArrayBuffer(0) : this.#data.buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#halves = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
  }

  read(reader: WireReader): void {
    const datatype = this.#datatype;
    if (datatype === 'BYTES') {
      const at = this.#advance(1);
      (this.#data as string[]).push(readText(this.#expected.spec.name, at, reader.bytes()));
    } else if (datatype === 'FP32' || datatype === 'FP64') this.#readFixed(reader, BYTES_PER_ELEMENT[datatype]);
    else if (reader.wireType === LENGTH_DELIMITED) {
      const packed = new WireReader(reader.bytes());
      while (!packed.done) this.#readVarint(packed);
    } else {
      reader.expect(VARINT);
      this.#readVarint(reader);
    }
  }

  /** @throws NestorError INVALID_TENSOR if elements are missing */
  finish(): TensorData {
    if (this.#length !== this.#expected.count) throw wrongCount(this.#expected, `${this.#length}`);
    return this.#data;
  }

  /** Floats have the same bytes on the wire as in memory. */
  #readFixed(reader: WireReader, width: number): void {
    let bytes: Buffer;
    if (reader.wireType === LENGTH_DELIMITED) bytes = reader.bytes();
    else {
      reader.expect(width === 4 ? FIXED32 : FIXED64);
      bytes = reader.fixed(width);
    }
    const elements = bytes.length / width;
    if (!Number.isInteger(elements)) {
      throw new NestorError(
        'MALFORMED_BODY',
        `The contents of input ${quote(this.#expected.spec.name)} are cut short.`,
      );
    }
    this.#bytes.set(bytes, this.#advance(elements) * width);
  }

  #readVarint(reader: WireReader): void {
    const at = this.#advance(1);
    reader.varint();
    const { low, high } = reader;
    switch (this.#datatype) {
      case 'INT64':
      case 'UINT64':
        this.#halves[2 * at] = low;
        this.#halves[2 * at + 1] = high;
        return;
      case 'BOOL':
        (this.#data as Uint8Array)[at] = low === 0 && high === 0 ? 0 : 1;
        return;
      default:
        // A 32-bit integer may arrive with more bits. Protobuf ignores them for either sign.
        (this.#data as Int32Array)[at] = this.#narrow(this.#datatype.startsWith('U') ? low : low | 0, at);
    }
  }

  #narrow(value: number, at: number): number {
    const range = NARROW[this.#datatype];
    if (range === undefined || (value >= range[0] && value <= range[1])) return value;
    throw new NestorError(
      'INVALID_TENSOR',
      `Element ${at} of input ${quote(this.#expected.spec.name)} is ${value}; ${this.#datatype} takes whole numbers from ${range[0]} to ${range[1]}.`,
    );
  }

  /** Makes room for more elements; returns the index of the first. */
  #advance(elements: number): number {
    const at = this.#length;
    this.#length += elements;
    if (this.#length > this.#expected.count) throw wrongCount(this.#expected, 'too many');
    return at;
  }
}

function wrongCount({ spec, shape, count }: ExpectedInput, came: string): NestorError {
  return new NestorError(
    'INVALID_TENSOR',
    `Input ${quote(spec.name)} has ${came} element(s) of data; shape ${showShape(shape)} has ${count}.`,
  );
}

function wrongField(name: string, datatype: Typed, field: number): NestorError {
  return new NestorError(
    'INVALID_TENSOR',
    `Input ${quote(name)} has ${FIELDS[field]!}; the elements of ${datatype} belong in ${FIELDS[FIELD_OF[datatype]]!}.`,
  );
}

/** Writes an InferTensorContents whose only field is the tensor's elements, packed. */
export function writeTypedContents(writer: WireWriter, { datatype, data }: Tensor<Typed>): void {
  if (data.length === 0) return;
  const field = FIELD_OF[datatype];
  if (datatype === 'BYTES') {
    const texts = data as readonly string[];
    for (let i = texts.length - 1; i >= 0; i -= 1) writer.bytes(field, Buffer.from(texts[i]!));
    return;
  }
  const end = writer.length;
  const { buffer, byteOffset, byteLength } = data as Exclude<TensorData, string[]>;
  if (datatype === 'FP32' || datatype === 'FP64' || datatype === 'BOOL') {
    writer.raw(new Uint8Array(buffer, byteOffset, byteLength));
  } else if (datatype === 'INT64' || datatype === 'UINT64') {
    const halves = new Uint32Array(buffer, byteOffset, data.length * 2);
    for (let i = halves.length - 2; i >= 0; i -= 2) writer.varint(halves[i]!, halves[i + 1]);
  } else {
    const numbers = data as Int32Array;
    // Protobuf writes negative numbers as 64 bits.
    for (let i = numbers.length - 1; i >= 0; i -= 1) writer.varint(numbers[i]!, numbers[i]! < 0 ? -1 : 0);
  }
  writer.message(field, end);
}
