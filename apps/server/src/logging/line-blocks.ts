import type { DestinationStream } from 'pino';

/** Length of a block in characters, from which on it is written. */
const BLOCK = 65_536;
/** How long a line waits for its block to be full, in milliseconds. */
const LONGEST_WAIT_MS = 1000;

/**
 * Joins log lines into blocks, and writes each block to a destination as one text: measuring and copying one long text
 * costs a fraction of what many short ones do. A line is written at most a second after it was logged.
 */
export class LineBlocks implements DestinationStream {
  readonly #destination: DestinationStream;
  #block = '';

  constructor(destination: DestinationStream) {
    this.#destination = destination;
    setInterval(() => this.flush(), LONGEST_WAIT_MS).unref();
  }

  write(line: string): void {
    this.#block += line;
    if (this.#block.length >= BLOCK) this.flush();
  }

  /** Hands on what has been collected. */
  flush(): void {
    const block = this.#block;
    if (block === '') return;
    this.#block = '';
    this.#destination.write(block);
  }
}
