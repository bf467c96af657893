import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { Failure, UsageError } from '../exit.ts';
import type { Sink } from './sink.ts';

/** How far a run is: everything before these places is complete and on disk. */
export interface Progress {
  /** Rows that were read, labelled or not. */
  readonly rows: number;
  readonly badRows: number;
  /** Where the next batch begins in the input: its place and its line. */
  readonly input: number;
  readonly line: number;
}

interface Journal extends Progress {
  /** Identifies the input and the model: only the same run can continue. */
  readonly run: string;
  readonly outputBytes: number;
  readonly errorsBytes: number;
}

/** The most time whose work a crash can lose. */
const SAVE_EVERY_MS = 1000;

const ERRORS_HEAD = 'row,line,field,error\n';
const START: Progress = { rows: 0, badRows: 0, input: 0, line: 1 };

/**
 * The output file, and the file of bad rows beside it. Both have other names until they are complete. A journal records
 * how far they are, so that a later run can cut off what was written after it and continue.
 */
export class Output implements Sink {
  readonly #path: string;
  readonly #errorsPath: string;
  readonly #run: string;
  readonly #output: Written;
  readonly #errors: Written;
  #progress: Progress;
  #savedAt = performance.now();

  private constructor(paths: OutputPaths, run: string, progress: Progress, output: Written, errors: Written) {
    this.#path = paths.output;
    this.#errorsPath = paths.errors;
    this.#run = run;
    this.#progress = progress;
    this.#output = output;
    this.#errors = errors;
  }

  /**
   * Begins a new output, or continues an earlier one.
   * @param run identifies input and model
   * @throws UsageError if a file would be overwritten; Failure if the earlier run was a different one
   */
  static async open(paths: OutputPaths, run: string, head: string): Promise<Output> {
    const journal = paths.resume ? await readJournal(paths.output) : undefined;
    if (journal === undefined) {
      refuseToOverwrite(paths);
      const output = await Written.create(partial(paths.output));
      const errors = await Written.create(partial(paths.errors));
      await output.write(head);
      await errors.write(ERRORS_HEAD);
      const begun = new Output(paths, run, START, output, errors);
      await begun.save();
      return begun;
    }
    if (journal.run !== run) {
      const why = 'the input or the model has changed';
      throw new Failure(`${partial(paths.output)} cannot be continued: ${why}. Start again with --force.`);
    }
    const output = await Written.cutBack(partial(paths.output), journal.outputBytes);
    const errors = await Written.cutBack(partial(paths.errors), journal.errorsBytes);
    return new Output(paths, run, journal, output, errors);
  }

  /** How far the output is. */
  get progress(): Progress {
    return this.#progress;
  }

  async add(content: string | Uint8Array, errors: string, progress: Progress): Promise<void> {
    await this.#output.write(content);
    if (errors !== '') await this.#errors.write(errors);
    this.#progress = progress;
    if (performance.now() - this.#savedAt > SAVE_EVERY_MS) await this.save();
  }

  /** Makes sure that a later run can continue from here. */
  async save(): Promise<void> {
    await this.#output.sync();
    await this.#errors.sync();
    const journal: Journal = {
      ...this.#progress,
      run: this.#run,
      outputBytes: this.#output.bytes,
      errorsBytes: this.#errors.bytes,
    };
    const path = journalPath(this.#path);
    await writeFile(`${path}.new`, JSON.stringify(journal));
    await rename(`${path}.new`, path);
    this.#savedAt = performance.now();
  }

  /** Gives the files their final names. Keeps the file of bad rows only if there are any. */
  async finish(): Promise<void> {
    await this.close();
    if (this.#progress.badRows > 0) await rename(partial(this.#errorsPath), this.#errorsPath);
    else await Promise.all([this.#errorsPath, partial(this.#errorsPath)].map((path) => rm(path, { force: true })));
    await rename(partial(this.#path), this.#path);
    await rm(journalPath(this.#path), { force: true });
  }

  /** Removes all files. */
  async discard(): Promise<void> {
    await this.close();
    const left = [partial(this.#path), partial(this.#errorsPath), journalPath(this.#path)];
    await Promise.all(left.map((path) => rm(path, { force: true })));
  }

  async close(): Promise<void> {
    await this.#output.close();
    await this.#errors.close();
  }
}

export interface OutputPaths {
  readonly output: string;
  readonly errors: string;
  readonly resume: boolean;
  readonly force: boolean;
}

const partial = (path: string): string => `${path}.partial`;
const journalPath = (path: string): string => `${path}.partial.json`;

function refuseToOverwrite({ output, errors, force }: OutputPaths): void {
  if (force) return;
  for (const path of [output, errors])
    if (existsSync(path)) throw new UsageError(`${path} exists. Choose another name, or add --force.`);
  if (existsSync(partial(output))) {
    throw new UsageError(
      `${partial(output)} is left from an earlier run. Continue with --resume, or start again with --force.`,
    );
  }
}

async function readJournal(output: string): Promise<Journal | undefined> {
  try {
    return JSON.parse(await readFile(journalPath(output), 'utf8')) as Journal;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure(`${journalPath(output)} cannot be read. Start again with --force.`, { cause: error });
  }
}

/** A file that only grows. */
class Written {
  bytes: number;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, bytes: number) {
    this.#file = file;
    this.bytes = bytes;
  }

  static async create(path: string): Promise<Written> {
    return new Written(await open(path, 'w'), 0);
  }

  /** Opens a file and cuts it off after its first `bytes`. */
  static async cutBack(path: string, bytes: number): Promise<Written> {
    const { size } = await stat(path).catch(() => ({ size: -1 }));
    if (size < bytes) throw new Failure(`${path} is shorter than it was. Start again with --force.`);
    await truncate(path, bytes);
    return new Written(await open(path, 'a'), bytes);
  }

  async write(content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    // Unlike write, appendFile continues until everything is written.
    await this.#file.appendFile(bytes);
    this.bytes += bytes.length;
  }

  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
