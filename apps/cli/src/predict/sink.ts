import { once } from 'node:events';
import type { Progress } from './output.ts';

/** The value of `--output` for standard output. */
export const STANDARD_OUTPUT = '-';

/** The destination of labelled rows. */
export interface Sink {
  /** How far the output is. */
  readonly progress: Progress;
  /** @param errors lines of the file of bad rows */
  add(content: string | Uint8Array, errors: string, progress: Progress): Promise<void>;
  /** Makes sure that a later run can continue from here, if the destination allows that. */
  save(): Promise<void>;
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** Standard output. Nothing written there can be removed, and no later run can continue it. */
export class StandardOutput implements Sink {
  #progress: Progress = { rows: 0, badRows: 0, input: 0, line: 1 };

  get progress(): Progress {
    return this.#progress;
  }

  static async open(head: string): Promise<StandardOutput> {
    await written(head);
    return new StandardOutput();
  }

  /** Bad rows are only counted. */
  async add(content: string | Uint8Array, _errors: string, progress: Progress): Promise<void> {
    await written(content);
    this.#progress = progress;
  }

  async save(): Promise<void> {
    // Nothing can be saved.
  }

  async finish(): Promise<void> {
    // Standard output needs no name.
  }

  async discard(): Promise<void> {
    // Nothing written can be removed.
  }

  async close(): Promise<void> {
    // The process owns it.
  }
}

/** Waits for the reader, so that memory does not grow. */
async function written(content: string | Uint8Array): Promise<void> {
  if (content.length > 0 && !process.stdout.write(content)) await once(process.stdout, 'drain');
}
