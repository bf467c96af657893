import { write, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { DestinationStream } from 'pino';

/** Length of a block in characters, from which on it is written: long ones cost least, and one line at a time is seen at once. */
export const BLOCK = { long: 65_536, line: 1 } as const;
/** How long a line waits for its block to be full, in milliseconds. */
const LONGEST_WAIT_MS = 1000;
/** Characters that may wait while the reader takes none: some 20,000 lines. */
const MOST_WAITING = 4 * 2 ** 20;
/** How soon a reader that had no room is tried again: it takes in 64 KiB at once. */
const RETRY_MS = 5;
/** What the end of the process waits at most for the reader. */
const LONGEST_END_MS = 1000;

const NEWLINE = 0x0a;

/**
 * The way of log lines to a file descriptor. Lines are joined into blocks, each of which is written as one: that costs a
 * fraction of writing them one by one. A line is written at most a second after it was logged.
 *
 * Whatever becomes of the reader costs lines and nothing else: where the disk is full or the reader has left, the block is
 * lost and the next one is tried; where the reader takes nothing in, lines are lost beyond those that may wait.
 */
export class LogOutput implements DestinationStream {
  readonly #fd: number;
  readonly #blockLength: number;
  #waiting = '';
  /** What is being written: from `#from` on it is still to be written. */
  #block: Buffer | undefined;
  #from = 0;
  /** Whether what was written last ends within a line, which the next block must end. */
  #torn = false;
  #lostLines = 0;

  constructor(fd: number, blockLength: number) {
    this.#fd = fd;
    this.#blockLength = blockLength;
    setInterval(() => this.flush(), LONGEST_WAIT_MS).unref();
  }

  /** Lines that were never written, or not to their ends. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** Takes whole lines. */
  write(lines: string): void {
    if (this.#waiting.length + lines.length > MOST_WAITING) this.#lostLines += lines.split('\n').length - 1;
    else this.#waiting += lines;
    if (this.#waiting.length >= this.#blockLength) this.flush();
  }

  /** Writes what waits, unless a block is being written. */
  flush(): void {
    if (!this.#isWriting && this.#takeBlock()) this.#write();
  }

  /** Writes all there is. Answers whether no write is under way any more; one whose reader is stuck may never end. */
  async end(): Promise<boolean> {
    const deadline = performance.now() + LONGEST_END_MS;
    for (;;) {
      this.flush();
      if (!this.#isWriting) return true;
      if (performance.now() > deadline) return false;
      await pause(RETRY_MS);
    }
  }

  /** As `end`, for a process that is ending: at once, where nothing is being written. */
  endSync(): void {
    if (this.#isWriting || !this.#takeBlock()) return;
    const deadline = performance.now() + LONGEST_END_MS;
    while (!this.#writeSync() && performance.now() < deadline) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }

  /** Writes as much of the block as the reader has room for. Answers whether nothing of it is left. */
  #writeSync(): boolean {
    try {
      this.#written(writeSync(this.#fd, this.#block!, this.#from));
    } catch (error) {
      if (!isBusy(error)) this.#lose();
    }
    return !this.#isWriting;
  }

  get #isWriting(): boolean {
    return this.#block !== undefined;
  }

  /** Makes a block of what waits, if anything does. */
  #takeBlock(): boolean {
    if (this.#waiting === '') return false;
    this.#block = Buffer.from(this.#torn ? `\n${this.#waiting}` : this.#waiting);
    this.#from = 0;
    this.#waiting = '';
    return true;
  }

  #write(): void {
    write(this.#fd, this.#block!, this.#from, (error, bytes) => {
      if (error === null) this.#written(bytes);
      else if (isBusy(error)) {
        setTimeout(() => this.#write(), RETRY_MS).unref();
        return;
      } else this.#lose();
      if (this.#isWriting) this.#write();
      else if (this.#waiting.length >= this.#blockLength) this.flush();
    });
  }

  #written(bytes: number): void {
    this.#from += bytes;
    if (this.#from < this.#block!.length) return;
    this.#block = undefined;
    this.#torn = false;
  }

  #lose(): void {
    const block = this.#block!;
    for (const byte of block.subarray(this.#from)) if (byte === NEWLINE) this.#lostLines += 1;
    if (this.#from > 0) this.#torn = block[this.#from - 1] !== NEWLINE;
    // The first newline was that of the line before.
    else if (this.#torn) this.#lostLines -= 1;
    this.#block = undefined;
  }
}

/** The reader has no room now. */
function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}
