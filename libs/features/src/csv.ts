import { cellsOf, type CsvRecord, type Encoding, FAULTS, RecordReader, Transcoder } from '#csv';
import { NestorError } from '#errors';

/** CSV as cells; its rows may be ragged. */
export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How many bytes to read at once: not many more than the allowed rows have. */
const PIECE = 64 * 1024;

/**
 * Reads CSV (RFC 4180) with a header line, which shows the separator. Skips a byte order mark and empty lines, and does
 * not trim cells. Stops after `maxRows` + 1 rows.
 *
 * @param encoding the encoding of bytes without a byte order mark
 * @throws NestorError MALFORMED_BODY for wrong quotes and invalid UTF-8, NO_ROWS if there is no header
 */
export function parseCsv(csv: Uint8Array, maxRows: number, encoding?: Encoding): CsvTable {
  // The size of the whole body is limited already.
  const reader = new RecordReader({ longest: csv.length });
  const records = firstRecords(csv, maxRows + 2, reader, new Transcoder(encoding));
  const [header, ...rows] = records.map((record) => wellFormed(record, reader.separator));
  if (header === undefined)
    throw new NestorError('NO_ROWS', 'The CSV is empty: a header line and at least one row are expected.');
  return { header, rows };
}

function firstRecords(
  csv: Uint8Array,
  most: number,
  reader: RecordReader,
  transcoder: Transcoder,
): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  for (let from = 0; from < csv.length && records.length < most; from += PIECE)
    for (const record of reader.push(transcoder.push(csv.subarray(from, from + PIECE)))) records.push(record);
  return [...records, ...reader.push(transcoder.end()), ...reader.end()].slice(0, most);
}

function wellFormed(record: CsvRecord, separator: string): readonly string[] {
  if (record.fault === undefined) return cellsOf(record, separator);
  throw new NestorError('MALFORMED_BODY', `The CSV could not be read: line ${record.line} ${FAULTS[record.fault]}.`);
}
