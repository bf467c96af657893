import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { cell } from '#csv';
import type { ModelVersion } from '#engine';
import type { Rows } from '#features';
import { type Label, labelCells, type Row } from '#labelling';
import { Failure } from '../exit.ts';
import type { DataSet, RowBatch } from './data-set.ts';

const FORMATS = new Set(['.png', '.jpg', '.jpeg', '.webp']);
/** Pictures that are held in memory together. */
const BATCH = 32;

type Reader = NonNullable<ModelVersion['images']>;

/** The pictures below a folder, in the order of their names. The output is a CSV file that begins with their names. */
export class Pictures implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string> = new Set();
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #reader: Reader;
  readonly #columns: readonly string[];

  private constructor(
    folder: string,
    names: readonly string[],
    identity: string,
    reader: Reader,
    columns: readonly string[],
  ) {
    this.size = names.length;
    this.identity = identity;
    this.#folder = folder;
    this.#names = names;
    this.#reader = reader;
    this.#columns = columns;
    this.head = `${['file', ...columns].join(',')}\n`;
  }

  static async open(folder: string, reader: Reader, columns: readonly string[]): Promise<Pictures> {
    const all = await readdir(folder, { recursive: true });
    const names = all.filter((name) => FORMATS.has(extname(name).toLowerCase())).sort();
    if (names.length === 0) throw new Failure(`${folder} holds no picture (${[...FORMATS].join(', ')}).`);
    return new Pictures(folder, names, await identityOf(folder, names), reader, columns);
  }

  async *batches(from: number): AsyncGenerator<RowBatch, void, void> {
    for (let at = from; at < this.#names.length; at += BATCH) {
      const rows = this.#names.slice(at, at + BATCH).map((text) => ({ text, line: 0, fault: undefined }));
      yield { rows, end: at + rows.length, nextLine: 0 };
    }
  }

  async read(rows: readonly Row[]): Promise<Rows> {
    const pictures = await Promise.all(rows.map(({ text }) => readFile(join(this.#folder, text))));
    return this.#reader.read(pictures, () => false);
  }

  write({ text }: Row, label: Label | undefined): string {
    return `${cell(text)},${labelCells(label, this.#columns)}\n`;
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}

async function identityOf(folder: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(resolve(folder));
  for (const name of names) {
    const { size, mtimeMs } = await stat(join(folder, name));
    hash.update(`\0${name} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex');
}
