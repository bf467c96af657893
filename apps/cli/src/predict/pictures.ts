import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cell } from '#csv';
import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import type { Rows } from '#features';
import { type Label, labelCells, type Row } from '#labelling';
import { Failure } from '../exit.ts';
import { DETECTION_COLUMNS, detectionCells } from './detection-cells.ts';
import type { DataSet, RowBatch } from './data-set.ts';

const FORMATS = new Set(['.png', '.jpg', '.jpeg', '.webp']);
/** How many pictures are in memory together. */
const BATCH = 32;
const RETRY_MS = 20;

type Reader = NonNullable<ModelVersion['images']>;

/**
 * The pictures below a folder, in the order of their names. The output is a CSV file whose first column is the name. It
 * has one line per picture or, for an object detector, per object; a picture without objects has a line of empty cells.
 */
export class Pictures implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string> = new Set();
  readonly #folder: string;
  readonly #names: readonly string[];
  readonly #reader: Reader;
  readonly #cells: (label: Label | undefined) => readonly string[];

  private constructor(
    folder: string,
    names: readonly string[],
    identity: string,
    { images, detector, writer: { columns } }: ModelVersion,
  ) {
    this.size = names.length;
    this.identity = identity;
    this.#folder = folder;
    this.#names = names;
    this.#reader = images!;
    this.#cells = detector === undefined ? (label) => [labelCells(label, columns)] : detectionCells;
    this.head = `${['file', ...(detector === undefined ? columns : DETECTION_COLUMNS)].join(',')}\n`;
  }

  /** @param model one that takes pictures */
  static async open(folder: string, model: ModelVersion): Promise<Pictures> {
    const all = await readdir(folder, { recursive: true });
    const names = all.filter((name) => FORMATS.has(extname(name).toLowerCase())).sort();
    if (names.length === 0) throw new Failure(`${folder} contains no pictures (${[...FORMATS].join(', ')}).`);
    return new Pictures(folder, names, await identityOf(folder, names), model);
  }

  async *batches(from: number): AsyncGenerator<RowBatch, void, void> {
    for (let at = from; at < this.#names.length; at += BATCH) {
      const rows = this.#names.slice(at, at + BATCH).map((text) => ({ text, line: 0, fault: undefined }));
      yield { rows, end: at + rows.length, nextLine: 0 };
    }
  }

  async read(rows: readonly Row[]): Promise<Rows> {
    const pictures = await Promise.all(rows.map(({ text }) => readFile(join(this.#folder, text))));
    for (;;) {
      try {
        return await this.#reader.read(pictures, () => false);
      } catch (error) {
        // As many files of other batches wait for their decoding as may.
        if (!(error instanceof NestorError) || error.code !== 'QUEUE_FULL') throw error;
        await delay(RETRY_MS);
      }
    }
  }

  write({ text }: Row, label: Label | undefined): string {
    return this.#cells(label)
      .map((cells) => `${cell(text)},${cells}\n`)
      .join('');
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
