import type { LineReader, RecordReader } from '#csv';
import type { Row } from './row.ts';

/** Rows that follow each other. */
export interface RowBatch {
  readonly rows: readonly Row[];
  /** Where the next batch begins, in bytes. */
  readonly end: number;
  /** The line at which the next batch begins. */
  readonly nextLine: number;
}

/** The records that each piece of an input completes. Empty lines are passed over. */
export async function* recordBatches(
  pieces: AsyncIterable<Uint8Array>,
  reader: LineReader | RecordReader,
): AsyncGenerator<RowBatch, void, void> {
  const batchOf = (records: readonly Row[]): RowBatch => {
    const rows = records.filter(({ text, fault }) => text !== '' || fault !== undefined);
    return { rows, end: reader.place.offset, nextLine: reader.place.line };
  };
  for await (const piece of pieces) yield batchOf(reader.push(piece));
  const last = batchOf(reader.end());
  if (last.rows.length > 0) yield last;
}
