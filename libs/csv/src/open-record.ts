import type { CsvRecord } from './csv-record.ts';
import type { Line, Place } from './line-reader.ts';

/** Short strings take more memory than their characters, so this many are joined into one. */
const JOINED = 1024;
const NO_UTF8 = '\uFFFD';

/** The lines of a record whose quotes have not closed, in little more memory than their characters. */
export class OpenRecord {
  /** Where it begins. */
  readonly place: Place;
  /** The number of its characters, with the last line break. */
  length = 0;
  readonly #texts: string[] = [];
  #recent: string[] = [];
  #lineBreak: Line['lineBreak'] = '\n';
  #isUtf8 = true;

  constructor(line: Line) {
    this.place = { offset: line.offset, line: line.line };
    this.add(line);
  }

  add({ text, lineBreak, fault }: Line): void {
    this.#recent.push(text, lineBreak);
    this.length += text.length + lineBreak.length;
    this.#lineBreak = lineBreak;
    if (fault !== undefined) this.#isUtf8 = false;
    if (this.#recent.length < JOINED) return;
    this.#texts.push(this.#recent.join(''));
    this.#recent = [];
  }

  /** All lines as one record. */
  whole(): CsvRecord {
    const text = this.#text.slice(0, -this.#lineBreak.length);
    return { line: this.place.line, text, fault: this.#isUtf8 ? undefined : 'not UTF-8' };
  }

  /** Each line as a separate record. */
  apart(): CsvRecord[] {
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((line, at) => {
      const text = line.endsWith('\r') ? line.slice(0, -1) : line;
      const fault = this.#isUtf8 || !text.includes(NO_UTF8) ? undefined : 'not UTF-8';
      return { line: this.place.line + at, text, fault };
    });
  }

  get #text(): string {
    return [...this.#texts, ...this.#recent].join('');
  }
}
