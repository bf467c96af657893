export { cell, cellsOf, inColumns, type Value } from './cells.ts';
export { freshName } from './fresh-name.ts';
export { type CsvRecord, RecordCutter, TOO_LONG } from './record-cutter.ts';
