import { cell, cellsOf, type CsvRecord, RecordReader, separatorOf } from '#csv';
import { SheetRows } from './sheet-rows.ts';

/** Bytes that are read at once. Small enough that a slice lies in the network's own buffers while it is answered. */
const SLICE = 64 * 1024;
/** Characters, as many as the server takes. */
const LONGEST_RECORD = 2 ** 20;

/** Whole records of a file. */
interface Piece {
  readonly records: readonly CsvRecord[];
  /** The part of the file that they are. */
  readonly bytes: Blob;
  readonly separator: string;
  /** How much of the file has been read, from 0 to 1. */
  readonly share: number;
}

/** Some rows of a file. */
export interface Slice {
  /** The names of the columns. */
  readonly header: readonly string[];
  /** Header and rows, as the server takes them. */
  readonly csv: Blob;
  /** The row of each in a spreadsheet, where the header is row 1. */
  readonly rows: readonly number[];
  readonly share: number;
}

/** The first records of a file, whatever separates its columns. */
export async function peek(file: File, most: number): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for await (const { records, separator } of pieces(file)) {
    for (const record of records.slice(0, most - found.length)) found.push(cellsOf(record, separator));
    if (found.length === most) break;
  }
  return found;
}

/** A file of any size, in slices; none where it has no rows. */
export async function* slices(file: File): AsyncGenerator<Slice> {
  let header: CsvRecord | undefined;
  const sheet = new SheetRows();
  for await (const { records, bytes, separator, share } of pieces(file)) {
    const above = header === undefined ? [] : [header];
    const places = records.map((record) => sheet.rowOf(record));
    const rows = header === undefined ? places.slice(1) : places;
    header ??= records[0];
    if (header === undefined || rows.length === 0) continue;
    const csv =
      separator === ','
        ? // The file's own bytes: what is wrong with a row is for the server to say.
          [...above.map(({ text }) => `${text}\n`), bytes]
        : [...above, ...records].map((record) => withCommas(record, separator));
    yield { header: cellsOf(header, separator), csv: new Blob(csv), rows, share };
  }
}

/** A record as a line of CSV; as a single cell, and so a row that is refused, where it cannot be read. */
function withCommas(record: CsvRecord, separator: string): string {
  if (record.fault !== undefined) return `"${record.text.replaceAll('"', '""')}"\n`;
  return `${cellsOf(record, separator).map(cell).join(',')}\n`;
}

async function* pieces(file: File): AsyncGenerator<Piece> {
  const separator = separatorOf(await file.slice(0, SLICE).text());
  const reader = new RecordReader({ longest: LONGEST_RECORD, separator });
  let from = 0;
  for (let at = 0, isLast = false; !isLast; at += SLICE) {
    isLast = at + SLICE >= file.size;
    const bytes = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
    const records = isLast ? [...reader.push(bytes), ...reader.end()] : reader.push(bytes);
    const to = isLast ? file.size : reader.place.offset;
    const share = isLast ? 1 : (at + SLICE) / file.size;
    yield { records, bytes: file.slice(from, to), separator, share };
    from = to;
  }
}
