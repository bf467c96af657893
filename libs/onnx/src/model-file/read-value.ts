import type { FieldReader } from './field-reader.ts';
import type { Dimension, Value } from './model-file.ts';

type Type = Omit<Value, 'name'>;

/** ValueInfoProto */
export function readValue(reader: FieldReader): Value {
  let name = '';
  let type: Type = { kind: 'unknown' };
  reader.fields({
    1: () => (name = reader.text()),
    2: () => (type = readType(reader)),
  });
  return { name, ...type };
}

/** TypeProto */
function readType(reader: FieldReader): Type {
  let type: Type = { kind: 'unknown' };
  reader.fields({
    1: () => (type = readTensorType(reader)),
    4: () => (type = { kind: 'sequence' }),
    5: () => (type = { kind: 'map' }),
    8: () => (type = { kind: 'sparse tensor' }),
    9: () => (type = { kind: 'optional' }),
  });
  return type;
}

/** TypeProto.Tensor */
function readTensorType(reader: FieldReader): Type {
  let elementType = 0;
  let shape: readonly Dimension[] | undefined;
  reader.fields({
    1: () => (elementType = reader.integer()),
    2: () => (shape = readShape(reader)),
  });
  return { kind: 'tensor', elementType, ...(shape && { shape }) };
}

/** TensorShapeProto */
function readShape(reader: FieldReader): readonly Dimension[] {
  const shape: Dimension[] = [];
  reader.fields({ 1: () => shape.push(readDimension(reader)) });
  return shape;
}

/** TensorShapeProto.Dimension. A negative size is an exporter's way to say nothing. */
function readDimension(reader: FieldReader): Dimension {
  let dimension: Dimension;
  reader.fields({
    1: () => (dimension = reader.integer()),
    2: () => (dimension = reader.text() || undefined),
  });
  return typeof dimension === 'number' && dimension < 0 ? undefined : dimension;
}
