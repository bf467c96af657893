import type { FileHandle } from 'node:fs/promises';
import { FAULTS, LineReader, RecordReader } from '#csv';
import type { Row } from '#labelling';
import { Failure } from '../exit.ts';
import type { RowBatch } from './data-set.ts';

/** What is read, predicted and written together: some thousand records of a few numbers. More would only take memory. */
const BLOCK_BYTES = 32 * 1024;
/** Characters. A picture as JSON numbers has some millions. */
const LONGEST_RECORD = 16 * 1024 * 1024;

/** What a record is: a line, or (CSV) what may go on over line breaks between quotes. */
export type RecordForm = 'line' | 'csv';

/**
 * Reads a file's records, a block at a time. Empty lines are passed over.
 *
 * @param from the byte at which a record begins, and the number of its line
 * @throws Failure for a record that is too long, and for one that is not UTF-8
 */
export async function* recordBatches(
  file: FileHandle,
  path: string,
  form: RecordForm,
  from: number,
  line: number,
): AsyncGenerator<RowBatch, void, void> {
  const start = { offset: from, line };
  const reader =
    form === 'csv' ? new RecordReader({ longest: LONGEST_RECORD, from: start }) : new LineReader(LONGEST_RECORD, start);
  const batchOf = (records: readonly Row[]): RowBatch => {
    for (const record of records) refuseUnreadable(record, path);
    const rows = records.filter(({ text }) => text !== '');
    return { rows, end: reader.place.offset, nextLine: reader.place.line };
  };
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let position = from; ;) {
    const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    yield batchOf(reader.push(block.subarray(0, bytesRead)));
  }
  const last = batchOf(reader.end());
  if (last.rows.length > 0) yield last;
}

/** A file with such a record is not what it should be. */
function refuseUnreadable({ line, fault }: Row, path: string): void {
  if (fault === 'too long')
    throw new Failure(`${path}, line ${line}: a record is longer than ${LONGEST_RECORD} characters.`);
  if (fault === 'not UTF-8')
    throw new Failure(`${path}, line ${line} ${FAULTS[fault]}. Convert the file first: iconv -f latin1 -t utf-8.`);
}
