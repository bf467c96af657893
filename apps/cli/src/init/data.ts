import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { Failure } from '../exit.ts';
import { ColumnSummary } from './column.ts';

/** What a CSV file of data says. */
export interface DataSummary {
  readonly columns: readonly ColumnSummary[];
  /** The first rows, as cells in the order of the columns. */
  readonly firstRows: readonly (readonly string[])[];
}

const FIRST_ROWS = 3;
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Reads a CSV file with a header from end to end, a row at a time. */
export async function summarise(path: string): Promise<DataSummary> {
  const parser = parse({ bom: true, skip_empty_lines: true, max_record_size: MAX_RECORD_BYTES });
  const input = createReadStream(path).on('error', (error) => parser.destroy(error));
  let columns: ColumnSummary[] | undefined;
  const firstRows: string[][] = [];
  try {
    for await (const cells of input.pipe(parser) as AsyncIterable<string[]>) {
      if (columns === undefined) {
        columns = cells.map((name) => new ColumnSummary(name.trim()));
        continue;
      }
      for (const [at, column] of columns.entries()) column.add(cells[at]!);
      if (firstRows.length < FIRST_ROWS) firstRows.push(cells);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new Failure(`${path}: ${error.message}.`);
    throw error;
  }
  if (columns === undefined || firstRows.length === 0)
    throw new Failure(`${path} is empty: a header line and rows are expected.`);
  return { columns, firstRows };
}
