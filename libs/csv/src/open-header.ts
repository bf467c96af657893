import type { Line, Place } from './line-reader.ts';

/** No header has more lines. Without this limit, an extra quote in the header would swallow the rows. */
const MOST_LINES = 1000;

/** The first lines of CSV, until the header is complete. The header may contain line breaks between quotes. */
export class OpenHeader {
  /** All lines so far. */
  readonly lines: Line[] = [];
  readonly #longest: number;
  #text = '';
  #quotes = 0;
  #isWhole = false;

  /** @param longest the maximum number of characters in a header */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The header so far. */
  get text(): string {
    return this.#text;
  }

  /** Whether the header is complete, or exceeds a limit. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The beginning of the first line; undefined before it comes. */
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
      // With any separator, quotes come in pairs. An empty line is not a header.
      const isClosed = this.#quotes % 2 === 0 && line.text !== '';
      this.#isWhole = isClosed || this.lines.length >= MOST_LINES || this.#text.length > this.#longest;
    }
  }
}
