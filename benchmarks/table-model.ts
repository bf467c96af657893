import { bytesField, concat, FLOAT, INT64, modelOf, node, textField, valueInfo, weights } from './onnx-writer.ts';

/** Rows of the table: 5.6 MB of single precision numbers. */
const TABLE_ROWS = 1_400_000;

/**
 * An ONNX model of 5.6 MB that returns `value` for every row from 0 to 1.3 million: it looks up a table of that value.
 * Its answers thus identify the file.
 */
export function tableModel(value: number): Uint8Array {
  const table = new Float32Array(TABLE_ROWS).fill(value);
  return modelOf(
    concat(
      [node('Gather', ['table', 'row'], 'value'), textField(2, 'table'), weights('table', [TABLE_ROWS, 1], table)],
      [bytesField(11, valueInfo('row', INT64, ['rows'])), bytesField(12, valueInfo('value', FLOAT, ['rows', 1]))],
    ),
  );
}
