import { type FileHandle, open } from 'node:fs/promises';
import { BYTE_ORDER_MARK, RecordReader } from '#csv';
import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import type { Rows } from '#features';
import { CsvTable, type Label, type Row } from '#labelling';
import { Failure } from '../exit.ts';
import type { DataSet, RowBatch } from './data-set.ts';
import { FileText } from './file-text.ts';
import { identityOf } from './identity.ts';
import { LONGEST_RECORD, recordBatches } from './records.ts';

/** A CSV file (RFC 4180) with a header. Each row of the output is the input's text, followed by the label's cells. */
export class CsvData implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly ofAllClasses = false;
  readonly unused: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #text: FileText;
  readonly #separator: string;
  readonly #table: CsvTable;

  private constructor({ file, path, identity, text, separator, table }: CsvParts) {
    this.#file = file;
    this.#path = path;
    this.size = text.size;
    this.identity = identity;
    this.#text = text;
    this.#separator = separator;
    this.#table = table;
    this.unused = new Set(table.unused);
    // A spreadsheet that wrote the mark needs it to read the output.
    this.head = `${text.isMarked ? BYTE_ORDER_MARK : ''}${table.head}`;
  }

  /** @throws Failure if the columns do not fit the model */
  static async open(path: string, model: ModelVersion): Promise<CsvData> {
    const file = await open(path);
    try {
      const text = await FileText.of(file);
      const reader = new RecordReader({ longest: LONGEST_RECORD });
      const header = await headerOf(text, path, reader);
      const { separator } = reader;
      const table = new CsvTable(header, model, { separator });
      return new CsvData({ file, path, identity: await identityOf(path), text, separator, table });
    } catch (error) {
      await file.close();
      if (error instanceof NestorError)
        throw new Failure(`The columns of ${path} do not fit the model: ${error.message}`);
      throw error;
    }
  }

  async *batches(from: number, line: number): AsyncGenerator<RowBatch, void, void> {
    let skip = from === 0 ? 1 : 0;
    const start = { offset: from, line };
    const reader = new RecordReader({ longest: LONGEST_RECORD, from: start, separator: this.#separator });
    for await (const batch of recordBatches(this.#text, this.#path, reader)) {
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
  readonly identity: string;
  readonly text: FileText;
  readonly separator: string;
  readonly table: CsvTable;
}

async function headerOf(text: FileText, path: string, reader: RecordReader): Promise<Row> {
  for await (const { rows } of recordBatches(text, path, reader)) if (rows[0] !== undefined) return rows[0];
  throw new Failure(`${path} is empty. Give a file with a header line and rows.`);
}
