import { cellsOf, type CsvRecord, FAULTS, RecordReader, Transcoder } from '#csv';
import { ProblemError } from '../api/problem.ts';
import { SheetRows } from './sheet-rows.ts';

/** Bytes to read at once, few enough that the network's buffers hold a slice while the server answers it. */
const SLICE = 64 * 1024;
/** In characters; the server's limit. */
const LONGEST_RECORD = 2 ** 20;

/** Whole records of a file. */
interface Piece {
  readonly records: readonly CsvRecord[];
  /** Their part of the file, in UTF-8. */
  readonly bytes: Blob;
  readonly separator: string;
  /** How much of the file has been read, from 0 to 1. */
  readonly share: number;
}

/** Some rows of a file. */
export interface Slice {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** The header and the rows, to send to the server. */
  readonly csv: Blob;
  /** The number of each row in a spreadsheet, in which the header is row 1. */
  readonly rows: readonly number[];
  readonly share: number;
}

/**
 * The first records of a file, whatever separates its columns.
 *
 * @throws ProblemError if the file is of another format
 */
export async function peek(file: File, most: number): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for await (const { records, separator } of pieces(file)) {
    const fault = found.length === 0 ? records[0]?.fault : undefined;
    if (fault === 'Parquet' || fault === 'workbook')
      throw new ProblemError({ title: 'This is not a CSV file', detail: `Line 1 ${FAULTS[fault]}.` });
    for (const record of records.slice(0, most - found.length)) found.push(cellsOf(record, separator));
    if (found.length === most) break;
  }
  return found;
}

/** A file of any size in slices; no slice if it has no rows. */
export async function* slices(file: File): AsyncGenerator<Slice> {
  let header: CsvRecord | undefined;
  const sheet = new SheetRows();
  for await (const { records, bytes, separator, share } of pieces(file)) {
    const above = header === undefined ? [] : [header];
    const places = records.map((record) => sheet.rowOf(record));
    const rows = header === undefined ? places.slice(1) : places;
    header ??= records[0];
    if (header === undefined || rows.length === 0) continue;
    // Sends the file's own bytes, so that the server reports what is wrong with a row.
    const csv = [...above.map(({ text }) => `${text}\n`), bytes];
    yield { header: cellsOf(header, separator), csv: new Blob(csv), rows, share };
  }
}

async function* pieces(file: File): AsyncGenerator<Piece> {
  const transcoder = new Transcoder();
  const reader = new RecordReader({ longest: LONGEST_RECORD });
  /** The beginning of an incomplete record, and its place. */
  let rest = new Blob();
  let from = 0;
  for (let at = 0, isLast = false; !isLast; at += SLICE) {
    isLast = at + SLICE >= file.size;
    const share = isLast ? 1 : (at + SLICE) / file.size;
    const bytes = transcoder.push(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
    const last = isLast ? transcoder.end() : new Uint8Array();
    const records = [...reader.push(bytes), ...reader.push(last), ...(isLast ? reader.end() : [])];
    const all = new Blob([rest, bytes, last]);
    const to = isLast ? all.size : reader.place.offset - from;
    yield { records, bytes: all.slice(0, to), separator: reader.separator, share };
    rest = all.slice(to);
    from += to;
  }
}
