import { NestorError } from '#errors';
import type { Parameters } from '../parameters.ts';
import { FIXED64, LENGTH_DELIMITED, VARINT, WireReader } from './wire-reader.ts';

/** A part may be only a few bytes long. Without a limit, a body could take many times its size in memory. */
const MOST_PARTS = 1024;
const MOST_DIMENSIONS = 64;

/** An InferInputTensor with its contents unparsed. */
export interface InputMessage {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (number | bigint)[];
  readonly parameters: Parameters | undefined;
  /** The bytes of an InferTensorContents. */
  readonly contents: Buffer | undefined;
}

/** An InferRequestedOutputTensor. */
export interface OutputMessage {
  readonly name: string;
  readonly parameters: Parameters | undefined;
}

/** A ModelInferRequest with its tensors' elements unparsed: parsing them requires their model. */
export interface InferMessage {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly id: string;
  readonly parameters: Parameters | undefined;
  readonly inputs: readonly InputMessage[];
  readonly outputs: readonly OutputMessage[];
  readonly rawContents: readonly Buffer[];
}

/**
 * Reads a ModelInferRequest. Its buffers are views of `bytes`. Unknown fields are skipped.
 *
 * @throws NestorError MALFORMED_BODY, INVALID_REQUEST
 */
export function readInferMessage(bytes: Buffer): InferMessage {
  let modelName = '';
  let modelVersion = '';
  let id = '';
  const parameters: Entry[] = [];
  const inputs: InputMessage[] = [];
  const outputs: OutputMessage[] = [];
  const rawContents: Buffer[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) modelName = reader.text();
    else if (reader.field === 2) modelVersion = reader.text();
    else if (reader.field === 3) id = reader.text();
    else if (reader.field === 4) push(parameters, readParameter(reader.bytes()), 'parameters');
    else if (reader.field === 5) push(inputs, readInput(reader.bytes()), 'inputs');
    else if (reader.field === 6) push(outputs, readOutput(reader.bytes()), 'outputs');
    else if (reader.field === 7) push(rawContents, reader.bytes(), 'raw_input_contents');
    else reader.skip();
  }
  return { modelName, modelVersion, id, parameters: fromEntries(parameters), inputs, outputs, rawContents };
}

function readInput(bytes: Buffer): InputMessage {
  let name = '';
  let datatype = '';
  const parameters: Entry[] = [];
  let contents: Buffer | undefined;
  const shape: (number | bigint)[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) datatype = reader.text();
    else if (reader.field === 3) readDimensions(shape, reader);
    else if (reader.field === 4) push(parameters, readParameter(reader.bytes()), 'parameters');
    else if (reader.field === 5) {
      if (contents !== undefined)
        throw new NestorError('INVALID_REQUEST', 'An input has its contents twice. Send them once.');
      contents = reader.bytes();
    } else reader.skip();
  }
  return { name, datatype, shape, parameters: fromEntries(parameters), contents };
}

function readOutput(bytes: Buffer): OutputMessage {
  let name = '';
  const parameters: Entry[] = [];
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) push(parameters, readParameter(reader.bytes()), 'parameters');
    else reader.skip();
  }
  return { name, parameters: fromEntries(parameters) };
}

/** Numbers may come packed into one field or one by one. */
function readDimensions(shape: (number | bigint)[], reader: WireReader): void {
  if (reader.wireType === VARINT) addDimension(shape, reader);
  else {
    const packed = new WireReader(reader.bytes());
    while (!packed.done) addDimension(shape, packed);
  }
}

function addDimension(shape: (number | bigint)[], reader: WireReader): void {
  shape.push(reader.int64());
  if (shape.length <= MOST_DIMENSIONS) return;
  throw new NestorError('INVALID_TENSOR', `An input has more than ${MOST_DIMENSIONS} dimensions.`);
}

type Entry = readonly [name: string, value: unknown];

/** Of several entries with the same name the last counts, as in every protobuf map. */
function fromEntries(entries: readonly Entry[]): Parameters | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Reads an entry of a map<string, InferParameter>. */
function readParameter(bytes: Buffer): Entry {
  let name = '';
  let value: unknown;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) value = readValue(reader.bytes());
    else reader.skip();
  }
  return [name, value];
}

function readValue(bytes: Buffer): unknown {
  let value: unknown;
  const reader = new WireReader(bytes);
  while (reader.next()) {
    if (reader.field === 1) {
      reader.expect(VARINT);
      value = reader.int64() !== 0;
    } else if (reader.field === 2) {
      reader.expect(VARINT);
      value = reader.int64();
    } else if (reader.field === 3) {
      reader.expect(LENGTH_DELIMITED);
      value = reader.text();
    } else if (reader.field === 4) {
      reader.expect(FIXED64);
      value = reader.double();
    } else if (reader.field === 5) {
      reader.expect(VARINT);
      value = reader.uint64();
    } else reader.skip();
  }
  return value;
}

function push<T>(list: T[], part: T, what: string): void {
  list.push(part);
  if (list.length <= MOST_PARTS) return;
  throw new NestorError('INVALID_REQUEST', `The request has more than ${MOST_PARTS} ${what}.`);
}
