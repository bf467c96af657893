import type { CsvRecord } from './csv-record.ts';
import { type Line, LineReader, type Place, START } from './line-reader.ts';
import { OpenHeader } from './open-header.ts';
import { OpenRecord } from './open-record.ts';
import { type Quotes, quotesAtEnd } from './quotes.ts';
import { separatorOf } from './separator.ts';

export interface RecordOptions {
  /** The maximum number of characters in a record. */
  readonly longest: number;
  /** The place of the first byte in the input. */
  readonly from?: Place;
  /** The separator between cells. By default, the first record, which is the header, shows it. */
  readonly separator?: string;
}

/**
 * Reads the records of CSV (RFC 4180) from UTF-8 bytes that come in pieces. Skips empty lines. The records are the same
 * wherever the pieces end, and the work grows with the number of bytes, however small the pieces are.
 *
 * A record may contain line breaks between quotes. If quotes turn out to be wrong, or do not close within the longest
 * allowed record, they count as a typing error. Each line is then a separate record, so that an extra quote spoils only
 * its own line.
 */
export class RecordReader {
  readonly #lines: LineReader;
  readonly #longest: number;
  #separator: string;
  /** The lines of an incomplete header; undefined once the separator is known. */
  #header: OpenHeader | undefined;
  #open: OpenRecord | undefined;

  constructor({ longest, from = START, separator }: RecordOptions) {
    this.#lines = new LineReader(longest, from);
    this.#longest = longest;
    this.#separator = separator ?? ',';
    this.#header = separator === undefined ? new OpenHeader(longest) : undefined;
  }

  /** The separator between cells; final after the first record. */
  get separator(): string {
    return this.#separator;
  }

  /** The beginning of the current record, whose end has not come yet. Another reader can continue from there. */
  get place(): Place {
    return this.#header?.place ?? this.#open?.place ?? this.#lines.place;
  }

  /** Returns the records that these bytes complete. */
  push(bytes: Uint8Array): CsvRecord[] {
    return this.#recordsOf(this.#lines.push(bytes));
  }

  /** Returns the last records, if the last line or its quotes have no end. */
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

  /** The records of all lines so far, once the header shows the separator. */
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
