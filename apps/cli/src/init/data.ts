import { createReadStream } from 'node:fs';
import { cellsOf, FAULTS, RecordReader, recordsIn } from '#csv';
import { Failure } from '../exit.ts';
import { ColumnSummary } from './column.ts';

/** A summary of a CSV file. */
export interface DataSummary {
  readonly columns: readonly ColumnSummary[];
  /** The first rows, as cells in the order of the columns. */
  readonly firstRows: readonly (readonly string[])[];
}

const FIRST_ROWS = 3;
/** Characters. */
const LONGEST_RECORD = 16 * 1024 * 1024;

/** Reads a CSV file with a header from end to end, a row at a time. */
export async function summarise(path: string): Promise<DataSummary> {
  let columns: ColumnSummary[] | undefined;
  const firstRows: (readonly string[])[] = [];
  for await (const { cells, line } of rowsOf(path)) {
    if (columns === undefined) {
      columns = cells.map((name) => new ColumnSummary(name.trim()));
      continue;
    }
    if (cells.length !== columns.length)
      throw new Failure(`${path}: line ${line} has ${cells.length} values; the header has ${columns.length}.`);
    for (const [at, column] of columns.entries()) column.add(cells[at]!);
    if (firstRows.length < FIRST_ROWS) firstRows.push(cells);
  }
  if (columns === undefined || firstRows.length === 0)
    throw new Failure(`${path} is empty. Give a file with a header line and rows.`);
  return { columns, firstRows };
}

/** The cells of each record, with its line. */
async function* rowsOf(path: string): AsyncGenerator<{ readonly cells: readonly string[]; readonly line: number }> {
  const reader = new RecordReader({ longest: LONGEST_RECORD });
  for await (const records of recordsIn(createReadStream(path), reader)) {
    for (const record of records) {
      const { line, fault } = record;
      if (fault !== undefined) throw new Failure(`${path}: line ${line} ${FAULTS[fault]}.`);
      yield { cells: cellsOf(record, reader.separator), line };
    }
  }
}
