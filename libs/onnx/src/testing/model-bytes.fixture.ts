import { onnx } from 'onnx-proto';
import {
  type Attribute,
  type Dimension,
  ELEMENT,
  type Graph,
  type LocalFunction,
  type ModelFile,
  type Node,
  type StoredTensor,
  type Value,
} from '../model-file/model-file.ts';

/** A model as the bytes of an ONNX file, by ONNX's published messages. */
export function modelBytes(model: Partial<ModelFile> & Pick<ModelFile, 'graph'>): Buffer {
  const { opsets = { 'ai.onnx': 18 }, metadata = {}, functions = [], irVersion = 8, description, ...said } = model;
  return Buffer.from(
    onnx.ModelProto.encode({
      ...said,
      irVersion,
      docString: description ?? '',
      opsetImport: opsetsOf(opsets),
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: graphProto(model.graph),
      functions: functions.map(functionProto),
    }).finish(),
  );
}

function opsetsOf(opsets: Readonly<Record<string, number>>) {
  return Object.entries(opsets).map(([domain, version]) => ({ domain: named(domain), version }));
}

const named = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function graphProto({ name, nodes, initializers, inputs, outputs, values }: Graph): onnx.IGraphProto {
  return {
    name,
    node: nodes.map(nodeProto),
    initializer: initializers.map(tensorProto),
    input: inputs.map(valueProto),
    output: outputs.map(valueProto),
    valueInfo: values.map(valueProto),
  };
}

function functionProto({ name, domain, inputs, outputs, nodes, opsets }: LocalFunction): onnx.IFunctionProto {
  return {
    ...{ name, domain, input: [...inputs], output: [...outputs] },
    node: nodes.map(nodeProto),
    opsetImport: opsetsOf(opsets),
  };
}

function nodeProto({ name, operator, domain, inputs, outputs, attributes }: Node): onnx.INodeProto {
  return {
    ...{ name, opType: operator, domain: named(domain), input: [...inputs], output: [...outputs] },
    attribute: [...attributes].map(([key, value]) => ({ name: key, ...attributeProto(value) })),
  };
}

function attributeProto(value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number')
    return Number.isInteger(value) ? { type: AttributeType.INT, i: value } : { type: AttributeType.FLOAT, f: value };
  if (typeof value === 'string') return { type: AttributeType.STRING, s: Buffer.from(value) };
  if (Array.isArray(value)) return listProto(value as readonly (number | string)[]);
  if ('nodes' in value) return { type: AttributeType.GRAPH, g: graphProto(value) };
  if ('elementType' in value) return { type: AttributeType.TENSOR, t: tensorProto(value) };
  if ('reference' in value) return { refAttrName: value.reference };
  throw new TypeError('This attribute cannot be written.');
}

function listProto(list: readonly (number | string)[]): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (list.some((item) => typeof item === 'string'))
    return { type: AttributeType.STRINGS, strings: list.map((item) => Buffer.from(String(item))) };
  const numbers = list as number[];
  return numbers.every(Number.isInteger)
    ? { type: AttributeType.INTS, ints: numbers }
    : { type: AttributeType.FLOATS, floats: numbers };
}

function tensorProto({ name, elementType, shape, numbers, location }: StoredTensor): onnx.ITensorProto {
  const { FLOAT, DOUBLE, INT64 } = ELEMENT;
  const data = numbers ?? (location === undefined ? filled(shape) : []);
  return {
    ...{ name, dataType: elementType, dims: [...shape] },
    ...(elementType === FLOAT && { floatData: [...data] }),
    ...(elementType === DOUBLE && { doubleData: [...data] }),
    ...(elementType === INT64 && { int64Data: [...data] }),
    ...(![FLOAT, DOUBLE, INT64].includes(elementType as never) && { int32Data: [...data] }),
    ...(location !== undefined && {
      dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
      externalData: [{ key: 'location', value: location }],
    }),
  };
}

/** Weights that do not matter, all different and none 0. */
function filled(shape: readonly number[]): number[] {
  const count = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, at) => 0.25 + ((at * 37) % 101) / 101);
}

function valueProto({ name, kind, elementType = 0, shape }: Value): onnx.IValueInfoProto {
  if (kind === 'sequence')
    return { name, type: { sequenceType: { elemType: { tensorType: { elemType: ELEMENT.FLOAT } } } } };
  if (kind !== 'tensor') return { name };
  return {
    name,
    type: { tensorType: { elemType: elementType, ...(shape && { shape: { dim: shape.map(dimensionProto) } }) } },
  };
}

function dimensionProto(dimension: Dimension): onnx.TensorShapeProto.IDimension {
  if (dimension === undefined) return {};
  return typeof dimension === 'number' ? { dimValue: dimension } : { dimParam: dimension };
}
