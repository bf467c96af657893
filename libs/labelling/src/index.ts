export { CsvTable, type CsvTableOptions, errorOf, labelCells } from './csv-table.ts';
export { labelBatches } from './label-batches.ts';
export { labelCsv, type LabelledCsv, LONGEST_RECORD } from './label-csv.ts';
export { type Labelled, Labeller, type LabellerOptions, type RowForm } from './labeller.ts';
export { type BadRow, type Label, placeOf, type Row } from './row.ts';
