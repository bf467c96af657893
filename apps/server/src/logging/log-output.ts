import { write, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { DestinationStream } from 'pino';

/** The length in characters at which a block is written. Long blocks cost least; single lines appear at once. */
export const BLOCK = { long: 65_536, line: 1 } as const;
/** How long a line may wait for its block to fill. */
const LONGEST_WAIT_MS = 1000;
/** How many characters may wait for a stuck reader: some 20,000 lines. */
const MOST_WAITING = 4 * 2 ** 20;
/** How soon to retry a full pipe, which holds 64 KiB. */
const RETRY_MS = 5;
/** How long the end of the process waits for the reader. */
const LONGEST_END_MS = 1000;

const NEWLINE = 0x0a;

/**
 * Writes log lines to a file descriptor. It joins lines into blocks, which cost a fraction of single writes. A line is
 * written at most a second after it was logged.
 *
 * A failing reader costs nothing but lines. If the disk is full or the reader has left, the block is lost, and the next
 * one is tried. If the reader is stuck, lines are lost beyond those that may wait.
 */
export class LogOutput implements DestinationStream {
  readonly #fd: number;
  readonly #blockLength: number;
  #waiting = '';
  /** The block being written. The bytes from `#from` are not written yet. */
  #block: Buffer | undefined;
  #from = 0;
  /** Whether the last write ended within a line, which the next block must end. */
  #torn = false;
  #lostLines = 0;

  constructor(fd: number, blockLength: number) {
    this.#fd = fd;
    this.#blockLength = blockLength;
    setInterval(() => this.flush(), LONGEST_WAIT_MS).unref();
  }

  /** How many lines were not written, or only in part. */
  get lostLines(): number {
    return this.#lostLines;
  }

  /** @param lines one or more whole lines */
  write(lines: string): void {
    if (this.#waiting.length + lines.length > MOST_WAITING) this.#lostLines += lines.split('\n').length - 1;
    else this.#waiting += lines;
    if (this.#waiting.length >= this.#blockLength) this.flush();
  }

  /** Writes the waiting lines, unless a block is being written. */
  flush(): void {
    if (!this.#isWriting && this.#takeBlock()) this.#write();
  }

  /** Writes everything. Returns false if a write is still stuck at the deadline. */
  async end(): Promise<boolean> {
    const deadline = performance.now() + LONGEST_END_MS;
    for (;;) {
      this.flush();
      if (!this.#isWriting) return true;
      if (performance.now() > deadline) return false;
      await pause(RETRY_MS);
    }
  }

  /** Like `end`, but synchronous, for a process that exits. Writes nothing while a block is being written. */
  endSync(): void {
    if (this.#isWriting || !this.#takeBlock()) return;
    const deadline = performance.now() + LONGEST_END_MS;
    while (!this.#writeSync() && performance.now() < deadline) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }

  /** Writes as much of the block as the reader has room for. Returns whether the block is done. */
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

  /** Makes a block of the waiting lines; false if there are none. */
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
    // The first newline belongs to the previous, torn line.
    else if (this.#torn) this.#lostLines -= 1;
    this.#block = undefined;
  }
}

/** Whether the reader has no room now. */
function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}
