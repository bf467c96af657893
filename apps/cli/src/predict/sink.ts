import { once } from 'node:events';
import type { Progress } from './output.ts';

/** What `--output` is called for standard output. */
export const STANDARD_OUTPUT = '-';

/** Where rows go with their labels. */
export interface Sink {
  /** How far it is. */
  readonly progress: Progress;
  /** @param errors lines of the file of bad rows */
  add(content: string | Uint8Array, errors: string, progress: Progress): Promise<void>;
  /** Makes sure that a later run can go on from here, where one can. */
  save(): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** Standard output. What is written there is gone: it is never taken back, and no later run goes on with it. */
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
    // Nothing is kept.
  }

  async finish(): Promise<void> {
    // It has no name to be given.
  }

  async discard(): Promise<void> {
    // What is written is written.
  }

  async close(): Promise<void> {
    // It is the process's own.
  }
}

/** Waits for whoever reads, so that memory does not grow. */
async function written(content: string | Uint8Array): Promise<void> {
  if (content.length > 0 && !process.stdout.write(content)) await once(process.stdout, 'drain');
}
