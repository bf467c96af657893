import type { CsvRecord } from './csv-record.ts';
import { type Line, LineReader, type Place, START } from './line-reader.ts';
import { OpenHeader } from './open-header.ts';
import { OpenRecord } from './open-record.ts';
import { type Quotes, quotesAtEnd } from './quotes.ts';
import { separatorOf } from './separator.ts';

export interface RecordOptions {
  /** Most characters of a record. */
  readonly longest: number;
  /** Where the first byte lies in what is read. */
  readonly from?: Place;
  /** What stands between two cells; where it is not given, the first record tells, which is the header. */
  readonly separator?: string;
}

/**
 * Reads the records of CSV (RFC 4180) from bytes in UTF-8 that come in pieces. Empty lines are passed over. The records are
 * the same wherever the pieces end, and the work grows with the number of bytes, however small the pieces are.
 *
 * Between quotes, a record goes on over line breaks. Quotes that turn out to be wrong, and those that do not close within
 * the longest record allowed, are taken for a slip: each of the lines is a record then, so that a quote too many costs
 * its own line and no other.
 */
export class RecordReader {
  readonly #lines: LineReader;
  readonly #longest: number;
  #separator: string;
  /** The lines of the header, until its end has come; undefined where the separator is known. */
  #header: OpenHeader | undefined;
  #open: OpenRecord | undefined;

  constructor({ longest, from = START, separator }: RecordOptions) {
    this.#lines = new LineReader(longest, from);
    this.#longest = longest;
    this.#separator = separator ?? ',';
    this.#header = separator === undefined ? new OpenHeader(longest) : undefined;
  }

  /** What stands between two cells; certain once there is a record. */
  get separator(): string {
    return this.#separator;
  }

  /** Where the record begins whose end has not come: another reader can go on from there. */
  get place(): Place {
    return this.#header?.place ?? this.#open?.place ?? this.#lines.place;
  }

  /** The records that these bytes complete. */
  push(bytes: Uint8Array): CsvRecord[] {
    return this.#recordsOf(this.#lines.push(bytes));
  }

  /** The last records, where the end is missing of a line or of quotes. */
  end(): CsvRecord[] {
    const records = this.#recordsOf(this.#lines.end());
    if (this.#header !== undefined) records.push(...this.#below(this.#header));
    this.#giveUp(records);
    return records;
  }

  #recordsOf(lines: readonly Line[]): CsvRecord[] {
    if (this.#header !== undefined) {
      this.#header.add(lines);
      return this.#header.isWhole ? this.#below(this.#header) : [];
    }
    const records: CsvRecord[] = [];
    for (const line of lines) {
      if (this.#open === undefined) this.#begin(line, records);
      else this.#goOn(this.#open, line, records);
    }
    return records;
  }

  /** The records of all lines so far, now that the header tells what separates them. */
  #below({ text, lines }: OpenHeader): CsvRecord[] {
    this.#separator = separatorOf(text);
    this.#header = undefined;
    return this.#recordsOf(lines);
  }

  #begin(line: Line, records: CsvRecord[]): void {
    const quotes = quotesAtEnd(line.text, false, this.#separator);
    if (quotes === 'open') this.#open = new OpenRecord(line);
    else add(line, quotes, records);
  }

  #goOn(open: OpenRecord, line: Line, records: CsvRecord[]): void {
    const fits = line.fault !== 'too long' && open.length + line.text.length <= this.#longest;
    const quotes = fits ? quotesAtEnd(line.text, true, this.#separator) : 'wrong';
    if (quotes === 'wrong') {
      this.#giveUp(records);
      this.#begin(line, records);
      return;
    }
    open.add(line);
    if (quotes === 'open') return;
    records.push(open.whole());
    this.#open = undefined;
  }

  #giveUp(records: CsvRecord[]): void {
    for (const line of this.#open?.apart() ?? []) add(line, quotesAtEnd(line.text, false, this.#separator), records);
    this.#open = undefined;
  }
}

/** Adds a line as a record. */
function add(record: CsvRecord, quotes: Quotes, records: CsvRecord[]): void {
  const { line, text, fault } = record;
  if (quotes !== 'closed') records.push({ line, text, fault: 'wrong quotes' });
  else if (text !== '' || fault !== undefined) records.push(record);
}
