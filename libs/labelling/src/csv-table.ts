import { cell, cellsOf, type CsvRecord, FAULTS, freshNames, inColumns, recordOf, type Value } from '#csv';
import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import type { CsvReader, Rows } from '#features';
import type { RowForm } from './labeller.ts';
import type { BadRow, Label, Row } from './row.ts';

export interface CsvTableOptions {
  /** Whether a last column, `error`, says why a row has no label. */
  readonly withErrors?: boolean;
  /** The separator between cells of the table and the labels; a comma by default. */
  readonly separator?: string;
}

/**
 * Adds labels to a CSV table: after its unchanged columns come `prediction`, for classifiers its `probability` or
 * `score`, and other outputs that the model's manifest names. Columns that are not features stay. A record that is not
 * a row of the table becomes one, without a label, so that the output stays readable.
 */
export class CsvTable implements RowForm {
  /** The header, as the first line of the output. */
  readonly head: string;
  /** The columns that are not features. */
  readonly unused: readonly string[];
  readonly #separator: string;
  readonly #reader: CsvReader;
  readonly #columns: number;
  readonly #added: readonly string[];
  readonly #withErrors: boolean;

  /** @throws NestorError MALFORMED_BODY, INVALID_ROWS or INVALID_REQUEST if the header does not fit the model */
  constructor(
    header: CsvRecord,
    { reader, writer }: ModelVersion,
    { withErrors = false, separator = ',' }: CsvTableOptions = {},
  ) {
    if (header.fault !== undefined)
      throw new NestorError('MALFORMED_BODY', `The first line is not a CSV header: it ${FAULTS[header.fault]}.`);
    const names = cellsOf(header, separator);
    this.#separator = separator;
    this.#reader = reader.csvBelow(names, separator);
    this.unused = this.#reader.unused;
    this.#columns = names.length;
    this.#added = writer.columns;
    this.#withErrors = withErrors;
    const added = [...this.#added, ...(withErrors ? ['error'] : [])];
    this.head = `${header.text}${separator}${recordOf(freshNames(added, names), separator)}\n`;
  }

  /** @throws NestorError INVALID_ROWS */
  read(rows: readonly Row[]): Rows {
    return this.#reader.read(rows);
  }

  /** The line of a row with its label, or without one if the row is bad. */
  write(row: Row, label: Label | undefined, bad?: BadRow): string {
    const separator = this.#separator;
    const record = label === undefined ? inColumns(row, this.#columns, separator) : row.text;
    const cells = record + separator + labelCells(label, this.#added, separator);
    return this.#withErrors ? `${cells}${separator}${cell(errorOf(label, bad), separator)}\n` : `${cells}\n`;
  }
}

/** The cells of the added columns; empty without a label. */
export function labelCells(label: Label | undefined, columns: readonly string[], separator = ','): string {
  return columns.map((column) => cell(label?.[column] as Value, separator)).join(separator);
}

/** The error for a client, without the runtime's message about a failure. */
export function errorOf(label: Label | undefined, bad: BadRow | undefined): string {
  if (bad === undefined) return label?.prediction === null ? 'the prediction is not a finite number' : '';
  const { failure, issues } = bad;
  if (failure !== undefined) return failure.code === 'MODEL_FAILED' ? failure.entry.title : failure.message;
  return issues.map(({ field, detail }) => (field === '' ? `the row ${detail}` : detail)).join('; ');
}
