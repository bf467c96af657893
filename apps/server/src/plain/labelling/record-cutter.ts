/** Stands for a record that was longer than allowed, and is not kept. */
export const TOO_LONG = Symbol('too long');

export type CsvRecord = string | typeof TOO_LONG;

/**
 * Cuts CSV that comes in pieces into records, as text and without their line breaks: a record ends at a line break that
 * is not between quotes. Empty lines are skipped. What it holds is bounded by the longest record allowed: from a longer
 * one on, it goes on behind the next line break.
 */
export class RecordCutter {
  readonly #longest: number;
  /** The record that is not complete yet. */
  #rest = '';
  /** How much of it was looked through for its end. */
  #scanned = 0;
  /** Whether what was looked through ends between quotes. */
  #quoted = false;
  #skipping = false;

  /** @param longest characters of a record */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The records that a piece completes. */
  push(piece: string): CsvRecord[] {
    const text = this.#rest + this.#withoutSkipped(piece);
    const records: CsvRecord[] = [];
    const unquoted = !this.#quoted && !text.includes('"');
    let start = 0;
    let from = this.#scanned;
    for (let feed = text.indexOf('\n', from); feed !== -1; feed = text.indexOf('\n', from)) {
      if (!unquoted) this.#countQuotes(text, from, feed);
      from = feed + 1;
      if (this.#quoted) continue;
      this.#add(records, text.slice(start, feed));
      start = from;
    }
    if (!unquoted) this.#countQuotes(text, from, text.length);
    this.#rest = text.slice(start);
    if (this.#rest.length > this.#longest) {
      records.push(TOO_LONG);
      this.#skipping = true;
      this.#rest = '';
      this.#quoted = false;
    }
    this.#scanned = this.#rest.length;
    return records;
  }

  /** The last record, where it has no line break. */
  end(): CsvRecord[] {
    const records: CsvRecord[] = [];
    this.#add(records, this.#rest);
    return records;
  }

  #add(records: CsvRecord[], text: string): void {
    const record = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (record.length > this.#longest) records.push(TOO_LONG);
    else if (record !== '') records.push(record);
  }

  #withoutSkipped(piece: string): string {
    if (!this.#skipping) return piece;
    const feed = piece.indexOf('\n');
    if (feed === -1) return '';
    this.#skipping = false;
    return piece.slice(feed + 1);
  }

  #countQuotes(text: string, from: number, to: number): void {
    for (let at = text.indexOf('"', from); at !== -1 && at < to; at = text.indexOf('"', at + 1)) {
      this.#quoted = !this.#quoted;
    }
  }
}
