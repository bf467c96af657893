import { type CsvRecord, FAULTS, type LineReader, type RecordReader } from '#csv';
import type { Row } from '#labelling';
import { Failure } from '../exit.ts';
import type { RowBatch } from './data-set.ts';
import type { FileText } from './file-text.ts';

/** In characters. A picture as JSON numbers has some millions. */
export const LONGEST_RECORD = 16 * 1024 * 1024;

/**
 * Reads a file's records, a block at a time. Skips empty lines.
 *
 * @param reader finds the records: a record is a line, but in CSV it may contain line breaks between quotes
 * @throws Failure if a record is too long, or not UTF-8
 */
export async function* recordBatches(
  text: FileText,
  path: string,
  reader: LineReader | RecordReader,
): AsyncGenerator<RowBatch, void, void> {
  const batchOf = (records: readonly CsvRecord[]): RowBatch => {
    for (const record of records) refuseUnreadable(record, path);
    const rows = records.filter((record) => record.text !== '');
    return { rows, end: reader.place.offset, nextLine: reader.place.line };
  };
  for await (const bytes of text.from(reader.place.offset)) yield batchOf(reader.push(bytes));
  const last = batchOf(reader.end());
  if (last.rows.length > 0) yield last;
}

/** Fails for a record that no model could take. */
function refuseUnreadable({ line, fault }: Row, path: string): void {
  if (fault === 'too long')
    throw new Failure(`${path}, line ${line}: a record is longer than ${LONGEST_RECORD} characters.`);
  if (fault === 'not UTF-8')
    throw new Failure(`${path}, line ${line} ${FAULTS[fault]}. Convert the file first: iconv -f latin1 -t utf-8.`);
  if (fault === 'Parquet' || fault === 'workbook') throw new Failure(`${path}, line ${line} ${FAULTS[fault]}.`);
}
