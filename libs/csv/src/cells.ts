import { unquoted } from './quotes.ts';
import type { CsvRecord } from './csv-record.ts';

const NEEDS_QUOTES = /["\r\n]/;

/** A value of a prediction, or none. */
export type Value = string | number | boolean | bigint | readonly unknown[] | null | undefined;

/** A value as a CSV cell. Null is an empty cell, and lists are JSON. */
export function cell(value: Value, separator = ','): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value, bigintAsText) : String(value);
  return text.includes(separator) || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Values as a record of CSV, without a line break. */
export const recordOf = (values: readonly Value[], separator = ','): string =>
  values.map((value) => cell(value, separator)).join(separator);

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The cells of a record. With wrong quotes, its whole text is one cell; a record that was too long has none. */
export function cellsOf({ text, fault }: CsvRecord, separator = ','): readonly string[] {
  if (fault === 'too long') return [];
  if (fault === 'wrong quotes') return [text];
  return text.includes('"') ? unquoted(text, separator) : text.split(separator);
}

/** The text of a record with this number of columns. Adds or drops cells if the record has another number. */
export function inColumns(record: CsvRecord, columns: number, separator = ','): string {
  const cells = cellsOf(record, separator);
  if (cells.length === columns && record.fault !== 'wrong quotes') return record.text;
  const fitting = Array.from({ length: columns }, (_, at) => cells[at]);
  return recordOf(fitting, separator);
}
