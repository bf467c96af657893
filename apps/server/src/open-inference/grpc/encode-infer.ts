import { writeBinaryData } from '#binary';
import { byteLength, type Datatype, type Tensor, type Tensors } from '#tensor';
import { classify } from '../classification.ts';
import type { Answerer } from '../encode-response.ts';
import type { InferRequest } from '../infer-request.ts';
import { writeTypedContents } from './typed-contents.ts';
import { WireWriter } from './wire-writer.ts';

type Wanted = Pick<InferRequest, 'id' | 'outputs'>;
type Typed = Exclude<Datatype, 'FP16'>;

/** Writes a ModelInferResponse. */
export function encodeInferResponse(wanted: Wanted, tensors: Tensors, answerer: Answerer): Buffer {
  const outputs = outputsOf(wanted, tensors, answerer);
  const writer = new WireWriter(capacityFor(outputs));
  writeInferResponse(writer, wanted, outputs, answerer);
  return writer.finish();
}

/** Writes a ModelStreamInferResponse with a response, marked as the final one for its request. */
export function encodeStreamResponse(wanted: Wanted, tensors: Tensors, answerer: Answerer): Buffer {
  const outputs = outputsOf(wanted, tensors, answerer);
  const writer = new WireWriter(capacityFor(outputs));
  writeInferResponse(writer, wanted, outputs, answerer, writeFinal);
  writer.message(2, 0);
  return writer.finish();
}

/** Writes a ModelStreamInferResponse with an error. The id tells the caller which request failed. */
export function encodeStreamError(id: string, detail: string): Buffer {
  const writer = new WireWriter(detail.length);
  writeFinal(writer);
  writer.text(3, id);
  writer.message(2, 0);
  writer.text(1, detail);
  return writer.finish();
}

function outputsOf({ outputs }: Wanted, tensors: Tensors, { hasRows, labels }: Answerer): NamedTensor[] {
  return outputs.map(({ name, binary, classification }) => {
    const output = tensors[name]!;
    const tensor = classification === 0 ? output : classify(output, classification, hasRows, labels);
    return { name, tensor, raw: binary || tensor.datatype === 'FP16' };
  });
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  /** Whether it must be raw. One raw output makes all outputs raw. */
  readonly raw: boolean;
}

function capacityFor(outputs: readonly NamedTensor[]): number {
  return outputs.reduce((sum, { tensor }) => sum + byteLength(tensor), 0);
}

/** Writes the fields in reverse order, as the writer requires. */
function writeInferResponse(
  writer: WireWriter,
  { id = '' }: Wanted,
  outputs: readonly NamedTensor[],
  { name, version }: Answerer,
  writeParameters?: (writer: WireWriter) => void,
): void {
  const raw = outputs.some((output) => output.raw);
  if (raw) for (const { tensor } of outputs.toReversed()) writer.bytes(6, writeBinaryData(tensor));
  for (const output of outputs.toReversed()) writeOutput(writer, output, raw);
  writeParameters?.(writer);
  writer.text(3, id);
  writer.text(2, version);
  writer.text(1, name);
}

function writeOutput(writer: WireWriter, { name, tensor }: NamedTensor, raw: boolean): void {
  const end = writer.length;
  if (!raw) {
    writeTypedContents(writer, tensor as Tensor<Typed>);
    writer.message(5, end);
  }
  const { shape, datatype } = tensor;
  if (shape.length > 0) {
    const shapeEnd = writer.length;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) writer.varint(shape[axis]!);
    writer.message(3, shapeEnd);
  }
  writer.text(2, datatype);
  writer.text(1, name);
  writer.message(5, end);
}

/** Writes the parameter that marks a request's last response for Triton's clients: Nestor sends only one. */
function writeFinal(writer: WireWriter): void {
  const end = writer.length;
  writer.true(1);
  writer.message(2, end);
  writer.text(1, 'triton_final_response');
  writer.message(4, end);
}
