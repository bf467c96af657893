export { BYTE_ORDER_MARK, withoutMark } from './byte-order-mark.ts';
export { cell, cellsOf, inColumns, type Value } from './cells.ts';
export { type CsvRecord, FAULTS } from './csv-record.ts';
export { freshName } from './fresh-name.ts';
export { type Line, LineReader, type Place, START } from './line-reader.ts';
export { isMissingNumber } from './missing-number.ts';
export { RecordReader } from './record-reader.ts';
export { recordsIn } from './records-in.ts';
export { separatorOf } from './separator.ts';
