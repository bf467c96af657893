import { type FileHandle, open } from 'node:fs/promises';
import { BYTE_ORDER_MARK } from '#csv';
import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import type { Rows } from '#features';
import { CsvTable, type Label, type Row } from '#labelling';
import { Failure } from '../exit.ts';
import type { DataSet, RowBatch } from './data-set.ts';
import { identityOf } from './identity.ts';
import { recordBatches } from './records.ts';

const MARK = Buffer.from(BYTE_ORDER_MARK);

/** A CSV file (RFC 4180, UTF-8) with a header. Each row of the output is the input's own text, and the label's cells. */
export class CsvData implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #table: CsvTable;

  private constructor({ file, path, size, identity, mark, table }: CsvParts) {
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.identity = identity;
    this.#table = table;
    this.unused = new Set(table.unused);
    this.head = `${mark}${table.head}`;
  }

  /** @throws Failure where the columns are not the model's */
  static async open(path: string, model: ModelVersion): Promise<CsvData> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const table = new CsvTable(await firstRow(file, path), model);
      const mark = await byteOrderMark(file);
      return new CsvData({ file, path, size, identity: await identityOf(path), mark, table });
    } catch (error) {
      await file.close();
      if (error instanceof NestorError)
        throw new Failure(`The columns of ${path} do not fit the model: ${error.message}`);
      throw error;
    }
  }

  async *batches(from: number, line: number): AsyncGenerator<RowBatch, void, void> {
    let skip = from === 0 ? 1 : 0;
    for await (const batch of recordBatches(this.#file, this.#path, 'csv', from, line)) {
      yield { ...batch, rows: batch.rows.slice(skip) };
      if (batch.rows.length > 0) skip = 0;
    }
  }

  read(rows: readonly Row[]): Rows {
    return this.#table.read(rows);
  }

  write(row: Row, label: Label | undefined): string {
    return this.#table.write(row, label);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

interface CsvParts {
  readonly file: FileHandle;
  readonly path: string;
  readonly size: number;
  readonly identity: string;
  /** What the file begins with, for an output that begins as its input. */
  readonly mark: string;
  readonly table: CsvTable;
}

/** The mark that the file begins with, or nothing. */
async function byteOrderMark(file: FileHandle): Promise<string> {
  const { buffer } = await file.read(Buffer.alloc(MARK.length), 0, MARK.length, 0);
  return buffer.equals(MARK) ? buffer.toString() : '';
}

async function firstRow(file: FileHandle, path: string): Promise<Row> {
  for await (const { rows } of recordBatches(file, path, 'csv', 0, 1)) if (rows[0] !== undefined) return rows[0];
  throw new Failure(`${path} is empty: a header line and rows are expected.`);
}
