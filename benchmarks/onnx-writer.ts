/**
 * Writes ONNX models in the format of onnx.proto, since there is no other writer here. A field is its number and wire
 * type, then a varint (0), or a length and bytes (2).
 */
export const numberField = (field: number, value: number): Buffer => concat([varint(field << 3), varint(value)]);
export const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));
export const bytesField = (field: number, bytes: Uint8Array): Buffer =>
  concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

export const concat = (...parts: readonly (readonly Uint8Array[])[]): Buffer => Buffer.concat(parts.flat());

function varint(value: number): Buffer {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

/** TensorProto.DataType */
export const FLOAT = 1;
export const INT64 = 7;

/** ModelProto of IR version 10, opset 21. */
export const modelOf = (graph: Uint8Array): Buffer =>
  concat([numberField(1, 10), bytesField(8, numberField(2, 21)), bytesField(7, graph)]);

/** NodeProto in a GraphProto. */
export function node(operator: string, inputs: readonly string[], output: string): Buffer {
  const names = inputs.map((input) => textField(1, input));
  return bytesField(1, concat([...names, textField(2, output), textField(4, operator)]));
}

/** TensorProto of single precision in a GraphProto. */
export function weights(name: string, shape: readonly number[], data: Float32Array): Buffer {
  const dims = shape.map((size) => numberField(1, size));
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytesField(5, concat(dims, [numberField(2, FLOAT), textField(8, name), bytesField(9, bytes)]));
}

export function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimension = (size: string | number): Buffer =>
    bytesField(1, typeof size === 'string' ? textField(2, size) : numberField(1, size));
  const tensor = concat([numberField(1, type), bytesField(2, concat(shape.map(dimension)))]);
  return concat([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}
