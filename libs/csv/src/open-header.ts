import type { Line, Place } from './line-reader.ts';

/** No header has more lines; a quote too many in it must not keep the rows from being read. */
const MOST_LINES = 1000;

/** The first lines of CSV, until the header among them is whole: between quotes it goes on over line breaks. */
export class OpenHeader {
  /** All lines so far. */
  readonly lines: Line[] = [];
  readonly #longest: number;
  #text = '';
  #quotes = 0;
  #isWhole = false;

  /** @param longest most characters of a header */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The header, as far as it has come. */
  get text(): string {
    return this.#text;
  }

  /** Whether the header has come to its end, or is none. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Where the first line begins; undefined where none has come. */
  get place(): Place | undefined {
    const [first] = this.lines;
    return first && { offset: first.offset, line: first.line };
  }

  add(lines: readonly Line[]): void {
    for (const line of lines) {
      this.lines.push(line);
      if (this.#isWhole) continue;
      this.#text += `${line.text}\n`;
      this.#quotes += line.text.split('"').length - 1;
      // Whatever separates the cells, quotes come in pairs; empty lines are none of a table.
      const isClosed = this.#quotes % 2 === 0 && line.text !== '';
      this.#isWhole = isClosed || this.lines.length >= MOST_LINES || this.#text.length > this.#longest;
    }
  }
}
