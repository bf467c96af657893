import { type FileHandle, open } from 'node:fs/promises';
import { cell, cellsOf, FAULTS, freshName, inColumns, type Value } from '#csv';
import { NestorError } from '#errors';
import type { CsvReader, RowReader, Rows } from '#features';
import { Failure } from '../exit.ts';
import type { Batch, DataSet, Label, Row } from './data-set.ts';
import { identityOf } from './identity.ts';
import { recordBatches } from './records.ts';

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** A CSV file (RFC 4180, UTF-8) with a header. Each row of the output is the input's own text, and the
 * label's cells; what is no row of the table is made one, without a label, so that others stay readable. */
export class CsvData implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #reader: CsvReader;
  readonly #columns: number;
  readonly #classifies: boolean;

  private constructor({ file, path, size, identity, reader, header, headerText, classifies }: CsvParts) {
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.identity = identity;
    this.#reader = reader;
    this.#columns = header.length;
    this.#classifies = classifies;
    this.unused = new Set(reader.unused);
    const added = labelColumns(classifies).map((name) => freshName(name, header));
    this.head = `${headerText},${added.join(',')}\n`;
  }

  /**
   * @param classifies whether labels have probabilities
   * @throws Failure where the columns are not the model's
   */
  static async open(path: string, reader: RowReader, classifies: boolean): Promise<CsvData> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const first = await firstRow(file, path);
      if (first.fault !== undefined) throw new Failure(`${path}: the header ${FAULTS[first.fault]}.`);
      const header = cellsOf(first);
      const headerText = `${await byteOrderMark(file)}${first.text}`;
      const identity = await identityOf(path);
      const below = reader.csvBelow(header);
      return new CsvData({ file, path, size, identity, reader: below, header, headerText, classifies });
    } catch (error) {
      await file.close();
      if (error instanceof NestorError)
        throw new Failure(`The columns of ${path} do not fit the model: ${error.message}`);
      throw error;
    }
  }

  async *batches(from: number, line: number): AsyncGenerator<Batch> {
    let skip = from === 0 ? 1 : 0;
    for await (const batch of recordBatches(this.#file, this.#path, 'csv', from, line)) {
      yield { ...batch, rows: batch.rows.slice(skip) };
      if (batch.rows.length > 0) skip = 0;
    }
  }

  read(rows: readonly Row[]): Rows {
    return this.#reader.read(rows);
  }

  write(row: Row, label: Label | undefined): string {
    // What could not be predicted may be no row at all.
    const record = label === undefined ? inColumns(row, this.#columns) : row.text;
    return `${record},${labelCells(label, this.#classifies)}\n`;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The columns that an output has beside those of its input. */
export function labelColumns(classifies: boolean): readonly string[] {
  return classifies ? ['prediction', 'probability'] : ['prediction'];
}

/** What stands in them; empty cells without a label. */
export function labelCells(label: Label | undefined, classifies: boolean): string {
  const prediction = cell(label?.prediction as Value);
  return classifies ? `${prediction},${cell(label?.probability)}` : prediction;
}

interface CsvParts {
  readonly file: FileHandle;
  readonly path: string;
  readonly size: number;
  readonly identity: string;
  readonly reader: CsvReader;
  readonly header: readonly string[];
  readonly headerText: string;
  readonly classifies: boolean;
}

/** The mark that the file begins with, for an output that begins as its input; or nothing. */
async function byteOrderMark(file: FileHandle): Promise<string> {
  const { buffer } = await file.read(Buffer.alloc(BYTE_ORDER_MARK.length), 0, BYTE_ORDER_MARK.length, 0);
  return buffer.equals(BYTE_ORDER_MARK) ? buffer.toString() : '';
}

async function firstRow(file: FileHandle, path: string): Promise<Row> {
  for await (const { rows } of recordBatches(file, path, 'csv', 0, 1)) if (rows[0] !== undefined) return rows[0];
  throw new Failure(`${path} is empty: a header line and rows are expected.`);
}
