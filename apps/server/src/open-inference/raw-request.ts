import { readBinaryData, readText } from '#binary';
import { type InferTarget, InputCollector } from '#engine';
import { NestorError, quote, showShape } from '#errors';
import { BYTES_PER_ELEMENT, DYNAMIC, elementCount, type TensorSpec } from '#tensor';
import type { InferRequest } from './infer-request.ts';

/**
 * Reads a body that holds only the bytes of the model's one input (Inference-Header-Content-Length: 0). The shape
 * follows from the length: a dynamic first dimension is one row unless it is the only dynamic dimension. All outputs
 * are binary. A string is the whole body, without a length prefix.
 *
 * @throws NestorError INVALID_TENSOR, TOO_MANY_ROWS
 */
export function decodeRawRequest(body: Buffer, target: InferTarget): InferRequest {
  const { inputs, outputs } = target.signature;
  const [spec] = inputs;
  if (spec === undefined || inputs.length !== 1) {
    throw new NestorError(
      'INVALID_TENSOR',
      `A body without JSON can hold one input only; this model has ${inputs.length}.`,
    );
  }
  const { name, datatype } = spec;
  const collector = new InputCollector(target);
  const expected = collector.expect(name, datatype, shapeOf(spec, body.length));
  const data = datatype === 'BYTES' ? [readText(name, 0, body)] : readBinaryData(expected, body);
  collector.add(name, { datatype, shape: expected.shape, data });
  return {
    id: undefined,
    timeoutMs: undefined,
    outputs: outputs.map((output) => ({ name: output.name, binary: true, classification: 0 })),
    ...collector.finish(),
  };
}

function shapeOf({ name, datatype, shape }: TensorSpec, bytes: number): readonly number[] {
  const dynamic = shape.filter((dimension) => dimension === DYNAMIC).length;
  const known =
    dynamic > 1 ? shape.map((dimension, axis) => (axis === 0 && dimension === DYNAMIC ? 1 : dimension)) : shape;
  if (datatype === 'BYTES') {
    const single = known.map((dimension) => (dimension === DYNAMIC ? 1 : dimension));
    if (elementCount(single) === 1) return single;
    throw new NestorError(
      'INVALID_TENSOR',
      `A body without JSON holds one string; input ${quote(name)} has shape ${showShape(shape)}.`,
    );
  }
  const at = known.indexOf(DYNAMIC);
  if (at === -1) return known;
  if (known.includes(DYNAMIC, at + 1)) {
    throw new NestorError(
      'INVALID_TENSOR',
      `The shape of input ${quote(name)} does not follow from the body's length: ${showShape(shape)} has more than one dynamic dimension.`,
    );
  }
  const rest = elementCount(known.toSpliced(at, 1)) * BYTES_PER_ELEMENT[datatype];
  if (rest > 0 && bytes % rest === 0) return known.with(at, bytes / rest);
  throw new NestorError(
    'INVALID_TENSOR',
    `The body has ${bytes} byte(s), which is not a multiple of the ${rest} that ${showShape(shape)} of ${datatype} takes.`,
  );
}
