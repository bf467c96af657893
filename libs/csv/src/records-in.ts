import type { CsvRecord } from './csv-record.ts';
import type { Encoding } from './encoding.ts';
import type { RecordReader } from './record-reader.ts';
import { Transcoder } from './transcoder.ts';

/**
 * The records of a source, piece by piece; never yields an empty list.
 *
 * @param encoding the encoding of a source without a byte order mark
 */
export async function* recordsIn(
  source: AsyncIterable<Uint8Array>,
  reader: RecordReader,
  encoding?: Encoding,
): AsyncGenerator<CsvRecord[], void, void> {
  const transcoder = new Transcoder(encoding);
  for await (const piece of source) {
    const records = reader.push(transcoder.push(piece));
    if (records.length > 0) yield records;
  }
  const last = [...reader.push(transcoder.end()), ...reader.end()];
  if (last.length > 0) yield last;
}
