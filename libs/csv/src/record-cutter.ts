/** Stands for a record that was longer than allowed, and is not kept. */
export const TOO_LONG = Symbol('too long');

export type CsvRecord = string | typeof TOO_LONG;

/**
 * Cuts CSV that comes in pieces into records, as text and without their line breaks: a record ends at a line break that
 * is not between quotes, which open at the start of a cell only. An empty line is an empty record, so that whoever counts
 * lines can; it is no row.
 *
 * What it holds is bounded by the longest record allowed. Quotes that do not close within it are taken for a mistake: the
 * lines behind them are records again.
 */
export class RecordCutter {
  readonly #longest: number;
  readonly #quotes: boolean;
  /** The record that is not complete yet. */
  #rest = '';
  /** How much of it was looked through for its end. */
  #scanned = 0;
  /** Whether what was looked through ends between quotes. */
  #quoted = false;
  /** Where in the record quotes were closed last: directly behind it, one more opens them again. */
  #closed = -2;
  #skipping = false;

  /**
   * @param longest characters of a record
   * @param quotes whether line breaks between quotes belong to the record; else every line is one
   */
  constructor(longest: number, quotes = true) {
    this.#longest = longest;
    this.#quotes = quotes;
  }

  /** The start of a record whose end has not come yet. */
  get rest(): string {
    return this.#rest;
  }

  /** The records that a piece completes. */
  push(piece: string): CsvRecord[] {
    const text = this.#rest + this.#withoutSkipped(piece);
    const records: CsvRecord[] = [];
    const unquoted = !this.#quotes || (!this.#quoted && !text.includes('"'));
    let start = 0;
    let from = this.#scanned;
    for (let feed = text.indexOf('\n', from); feed !== -1; feed = text.indexOf('\n', from)) {
      if (!unquoted) this.#scan(text, start, from, feed);
      from = feed + 1;
      if (this.#quoted) continue;
      this.#add(records, text.slice(start, feed));
      start = from;
      this.#closed = -2;
    }
    if (!unquoted) this.#scan(text, start, from, text.length);
    this.#rest = text.slice(start);
    this.#scanned = this.#rest.length;
    if (this.#rest.length > this.#longest) this.#giveUp(records);
    return records;
  }

  /** The last record, where it has no line break. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    if (this.#quoted) this.#addLines(records);
    if (this.#rest !== '') this.#add(records, this.#rest);
    this.#rest = '';
    return records;
  }

  #add(records: CsvRecord[], text: string): void {
    const record = text.endsWith('\r') ? text.slice(0, -1) : text;
    records.push(record.length > this.#longest ? TOO_LONG : record);
  }

  /** Lets go of a record that has become too long. */
  #giveUp(records: CsvRecord[]): void {
    this.#addLines(records);
    this.#skipping = this.#rest.length > this.#longest;
    if (!this.#skipping) return;
    records.push(TOO_LONG);
    this.#rest = '';
    this.#scanned = 0;
  }

  /** Takes the lines of what is between quotes for records; what is behind the last of them is looked at anew. */
  #addLines(records: CsvRecord[]): void {
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#add(records, line);
    this.#quoted = false;
    this.#closed = -2;
    this.#scanned = 0;
  }

  #withoutSkipped(piece: string): string {
    if (!this.#skipping) return piece;
    const feed = piece.indexOf('\n');
    if (feed === -1) return '';
    this.#skipping = false;
    return piece.slice(feed + 1);
  }

  /** @param start where the record begins that lies from `from` to `to` */
  #scan(text: string, start: number, from: number, to: number): void {
    for (let at = text.indexOf('"', from); at !== -1 && at < to; at = text.indexOf('"', at + 1)) {
      if (this.#quoted) {
        this.#quoted = false;
        this.#closed = at - start;
      } else {
        this.#quoted = at === start || text[at - 1] === ',' || this.#closed === at - start - 1;
      }
    }
  }
}
