import { type FileHandle, open } from 'node:fs/promises';

/** What an ONNX file says of itself beside its graph. */
export interface OnnxHeader {
  readonly irVersion?: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly modelVersion?: number;
  readonly description?: string;
  /** Operator set → version; the standard one is called "ai.onnx". */
  readonly opsets: Readonly<Record<string, number>>;
  /** What the exporter added, key → value. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Fields of ModelProto. Source: onnx/onnx, onnx.proto. */
const FIELD = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  modelVersion: 5,
  description: 6,
  opset: 8,
  metadata: 14,
};

/** Longer fields are passed over, as the graph is; more fields than this no model has. */
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_FIELDS = 1000;
const VARINT = 0;
const BYTES = 2;

/**
 * Reads the few fields of an ONNX file beside its graph, which ONNX Runtime's binding does not show. The graph, however
 * large, is skipped; memory stays bounded whatever the file holds.
 * @returns undefined where the file is no protobuf message of that form
 */
export async function readOnnxHeader(path: string): Promise<OnnxHeader | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await readFields(file, size);
  } catch (error) {
    if (error instanceof NoProtobuf) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function readFields(file: FileHandle, size: number): Promise<OnnxHeader> {
  const numbers = new Map<number, number>();
  const texts = new Map<number, string>();
  const opsets: [string, number][] = [];
  const metadata: [string, string][] = [];
  let at = 0;
  for (let fields = 0; at < size; fields += 1) {
    if (fields === MAX_FIELDS) throw new NoProtobuf();
    const head = new Message(await read(file, at, Math.min(20, size - at)));
    const tag = head.varint();
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire !== VARINT && wire !== BYTES) throw new NoProtobuf();
    const value = head.varint();
    at += head.at;
    if (wire === VARINT) {
      numbers.set(field, value);
      continue;
    }
    if (value > size - at) throw new NoProtobuf();
    if (Object.values(FIELD).includes(field) && value <= MAX_FIELD_BYTES) {
      const content = await read(file, at, value);
      if (field === FIELD.opset) opsets.push(opsetOf(content));
      else if (field === FIELD.metadata) metadata.push(entryOf(content));
      else texts.set(field, content.toString());
    }
    at += value;
  }
  const text = (field: number): string | undefined => texts.get(field) || undefined;
  return dropUndefined({
    irVersion: numbers.get(FIELD.irVersion),
    producerName: text(FIELD.producerName),
    producerVersion: text(FIELD.producerVersion),
    modelVersion: numbers.get(FIELD.modelVersion),
    description: text(FIELD.description),
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
  });
}

/** OperatorSetIdProto: domain (1), version (2). */
function opsetOf(content: Buffer): [string, number] {
  const { texts, numbers } = new Message(content).fields();
  return [texts.get(1) || 'ai.onnx', numbers.get(2) ?? 0];
}

/** StringStringEntryProto: key (1), value (2). */
function entryOf(content: Buffer): [string, string] {
  const { texts } = new Message(content).fields();
  return [texts.get(1) ?? '', texts.get(2) ?? ''];
}

/** The bytes are something else, or not all are there. */
class NoProtobuf extends Error {}

/** A protobuf message in memory. */
class Message {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Exact up to 2^53; the fields read here are small. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw new NoProtobuf();
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 62) throw new NoProtobuf();
    }
  }

  fields(): { readonly texts: Map<number, string>; readonly numbers: Map<number, number> } {
    const texts = new Map<number, string>();
    const numbers = new Map<number, number>();
    while (this.at < this.#bytes.length) {
      const tag = this.varint();
      const value = this.varint();
      if (tag % 8 === VARINT) numbers.set(Math.floor(tag / 8), value);
      else if (tag % 8 === BYTES && this.at + value <= this.#bytes.length) {
        texts.set(Math.floor(tag / 8), this.#bytes.toString('utf8', this.at, this.at + value));
        this.at += value;
      } else throw new NoProtobuf();
    }
    return { texts, numbers };
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new NoProtobuf();
  return buffer;
}

function dropUndefined<T extends object>(object: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
