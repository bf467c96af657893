import { type FileHandle, open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { NestorError } from '#errors';
import type { RowReader, Rows } from '#features';
import { Failure } from '../exit.ts';
import type { Batch, DataSet, Label, Row } from './data-set.ts';
import { identityOf } from './identity.ts';
import { recordBatches } from './records.ts';

const BYTE_ORDER_MARK = '\uFEFF';
const NEEDS_QUOTES = /[",\r\n]/;

/** A CSV file (RFC 4180, UTF-8) with a header. Each row of the output is the input's own text, and the label's cells. */
export class CsvData implements DataSet {
  readonly size: number;
  readonly identity: string;
  readonly head: string;
  readonly unused: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #reader: RowReader;
  /** Columns of the file. */
  readonly #width: number;
  /** The names of the columns that the model takes. */
  readonly #header: readonly string[];
  /** Where the columns that the model takes are; undefined where it takes all. */
  readonly #used: readonly number[] | undefined;
  readonly #classes: readonly string[] | undefined;

  private constructor(parts: CsvParts) {
    const { file, path, size, identity, reader, header, headerText, classes } = parts;
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.identity = identity;
    this.#reader = reader;
    this.#classes = classes;
    const known = new Set(reader.features.map(({ name }) => name));
    this.unused = new Set(header.filter((name) => !known.has(name)));
    this.#used = this.unused.size === 0 ? undefined : [...header.keys()].filter((at) => known.has(header[at]!));
    this.#width = header.length;
    this.#header = this.#used?.map((at) => header[at]!) ?? header;
    const added = ['prediction', ...(classes ?? []).map((label) => `probability_${label}`)];
    const taken = added.find((name) => header.includes(name));
    if (taken !== undefined) throw new Failure(`${path} has a column ${taken} already: rename it first.`);
    this.head = `${headerText},${added.map(cell).join(',')}\n`;
  }

  /** @param classes the names of the probabilities, for classifiers */
  static async open(path: string, reader: RowReader, classes: readonly string[] | undefined): Promise<CsvData> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const headerText = (await firstRow(file, path)).text;
      const header = cellsOf(headerText.replace(BYTE_ORDER_MARK, ''));
      if (header === undefined) throw new Failure(`${path}: the header is not CSV. Check its quotes.`);
      return new CsvData({ file, path, size, identity: await identityOf(path), reader, header, headerText, classes });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async *batches(from: number, line: number): AsyncGenerator<Batch> {
    let skip = from === 0 ? 1 : 0;
    for await (const batch of recordBatches(this.#file, this.#path, 'csv', from, line)) {
      yield { ...batch, rows: batch.rows.slice(skip) };
      skip = 0;
    }
  }

  read(rows: readonly Row[]): Rows {
    const cells = rows.some(({ text }) => text.includes('"'))
      ? quotedCells(rows)
      : rows.map(({ text }) => text.split(','));
    refuseRagged(cells, this.#width);
    const used = this.#used;
    return this.#reader.readCells(this.#header, used ? cells.map((row) => used.map((at) => row[at]!)) : cells);
  }

  write({ text }: Row, label: Label | undefined): string {
    let line = `${text},${label === undefined ? '' : cell(label.prediction)}`;
    if (this.#classes !== undefined)
      for (const name of this.#classes) line += `,${cell(label?.probabilities?.[name] ?? null)}`;
    return `${line}\n`;
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
  readonly reader: RowReader;
  readonly header: readonly string[];
  readonly headerText: string;
  readonly classes: readonly string[] | undefined;
}

async function firstRow(file: FileHandle, path: string): Promise<Row> {
  for await (const { rows } of recordBatches(file, path, 'csv', 0, 1)) if (rows[0] !== undefined) return rows[0];
  throw new Failure(`${path} is empty: a header line and rows are expected.`);
}

function refuseRagged(cells: readonly (readonly string[])[], width: number): void {
  const errors = [...cells.entries()].flatMap(([row, { length }]) =>
    length === width ? [] : [{ row, detail: `has ${length} values; ${width} are expected` }],
  );
  if (errors.length > 0) throw new NestorError('INVALID_ROWS', 'Some rows are of another length.', { errors });
}

/** All rows at once, which is much quicker; where one is no CSV, one by one, to name those. */
function quotedCells(rows: readonly Row[]): readonly (readonly string[])[] {
  const together = parsed(rows.map(({ text }) => text).join('\n'));
  if (together?.length === rows.length) return together;
  const cells = rows.map(({ text }) => cellsOf(text));
  const errors = [...cells.entries()].flatMap(([row, one]) =>
    one === undefined ? [{ row, detail: 'is not CSV: check its quotes' }] : [],
  );
  if (errors.length > 0) throw new NestorError('INVALID_ROWS', 'Some rows are not CSV.', { errors });
  return cells as readonly (readonly string[])[];
}

function cellsOf(text: string): readonly string[] | undefined {
  return text.includes('"') ? parsed(text)?.[0] : text.split(',');
}

function parsed(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** A value as a cell; null is an empty one. */
export function cell(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
