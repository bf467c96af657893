/** Rows of the table: 5.6 MB of single precision numbers. */
const TABLE_ROWS = 1_400_000;

/**
 * An ONNX model of 5.6 MB that answers `value` for every row from 0 to 1.3 million: a table of that value, looked up. So an
 * answer tells which file it came from. Written in ONNX' own format (onnx.proto), since nothing else here makes models.
 */
export function tableModel(value: number): Uint8Array {
  const table = Buffer.from(new Float32Array(TABLE_ROWS).fill(value).buffer);
  const tensor = concat(
    [numberField(1, TABLE_ROWS), numberField(1, 1)], // dims
    [numberField(2, FLOAT), textField(8, 'table'), bytesField(9, table)],
  );
  const node = concat([textField(1, 'table'), textField(1, 'row'), textField(2, 'value'), textField(4, 'Gather')]);
  const graph = concat(
    [bytesField(1, node), textField(2, 'table'), bytesField(5, tensor)],
    [bytesField(11, valueInfo('row', INT64, ['rows'])), bytesField(12, valueInfo('value', FLOAT, ['rows', 1]))],
  );
  return concat([numberField(1, 10), bytesField(8, numberField(2, 21)), bytesField(7, graph)]); // IR 10, opset 21
}

/** TensorProto.DataType */
const [FLOAT, INT64] = [1, 7];

function valueInfo(name: string, type: number, shape: readonly (string | number)[]): Buffer {
  const dimension = (size: string | number): Buffer =>
    bytesField(1, typeof size === 'string' ? textField(2, size) : numberField(1, size));
  const tensor = concat([numberField(1, type), bytesField(2, concat(shape.map(dimension)))]);
  return concat([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

/** Protocol Buffers: a field is its number and wire type, then a varint (0) or a length and bytes (2). */
const numberField = (field: number, value: number): Buffer => concat([varint(field << 3), varint(value)]);
const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text));
const bytesField = (field: number, bytes: Uint8Array): Buffer =>
  concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

function varint(value: number): Buffer {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

const concat = (...parts: readonly (readonly Uint8Array[])[]): Buffer => Buffer.concat(parts.flat());
