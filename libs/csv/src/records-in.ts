import type { CsvRecord } from './csv-record.ts';
import { type RecordOptions, RecordReader } from './record-reader.ts';

/** The records that each piece of a source completes; never an empty list. */
export async function* recordsIn(
  source: AsyncIterable<Uint8Array>,
  options: RecordOptions,
): AsyncGenerator<CsvRecord[], void, void> {
  const reader = new RecordReader(options);
  for await (const piece of source) {
    const records = reader.push(piece);
    if (records.length > 0) yield records;
  }
  const last = reader.end();
  if (last.length > 0) yield last;
}
