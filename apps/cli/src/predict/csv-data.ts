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
  /** Where these are; undefined where it takes all. */
  readonly #used: readonly number[] | undefined;
  readonly #classifies: boolean;

  private constructor({ file, path, size, identity, reader, header, headerText, classifies }: CsvParts) {
    this.#file = file;
    this.#path = path;
    this.size = size;
    this.identity = identity;
    this.#reader = reader;
    this.#classifies = classifies;
    const used = [...header.keys()].filter((at) => isMeant(header[at]!, reader));
    this.#width = header.length;
    this.#header = used.map((at) => header[at]!);
    this.#used = used.length === header.length ? undefined : used;
    this.unused = new Set(header.filter((_, at) => !used.includes(at)));
    const added = labelColumns(classifies).map((name) => unlike(name, header));
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
      const headerText = (await firstRow(file, path)).text;
      const header = cellsOf(headerText.replace(BYTE_ORDER_MARK, ''));
      if (header === undefined) throw new Failure(`${path}: the header is not CSV. Check its quotes.`);
      const identity = await identityOf(path);
      const data = new CsvData({ file, path, size, identity, reader, header, headerText, classifies });
      reader.checkHeader(data.#header);
      return data;
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
    return `${text},${labelCells(label, this.#classifies)}\n`;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The columns that an output has beside those of its input. */
export function labelColumns(classifies: boolean): readonly string[] {
  return classifies ? ['prediction', 'probability'] : ['prediction'];
}

/** What stands in them: the label and, for classifiers, its own probability; empty cells without a label. */
export function labelCells(label: Label | undefined, classifies: boolean): string {
  const prediction = cell(label?.prediction);
  return classifies ? `${prediction},${cell(label?.probabilities?.[String(label.prediction)])}` : prediction;
}

interface CsvParts {
  readonly file: FileHandle;
  readonly path: string;
  readonly size: number;
  readonly identity: string;
  readonly reader: RowReader;
  readonly header: readonly string[];
  readonly headerText: string;
  readonly classifies: boolean;
}

/** A feature's name, or one that differs from it in case and spaces alone: the reader then says which was meant. */
function isMeant(name: string, { features }: RowReader): boolean {
  const plain = name.trim().toLowerCase();
  return features.some((feature) => feature.name.toLowerCase() === plain);
}

/** The name, numbered where the input has a column of it: `prediction_2`. */
function unlike(name: string, names: readonly string[]): string {
  if (!names.includes(name)) return name;
  for (let number = 2; ; number += 1) if (!names.includes(`${name}_${number}`)) return `${name}_${number}`;
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
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value, bigintAsText);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
