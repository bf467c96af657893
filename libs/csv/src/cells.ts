import { CsvError, parse } from 'csv-parse/sync';

const NEEDS_QUOTES = /[",\r\n]/;

/** A value of an answer, or none. */
export type Value = string | number | boolean | bigint | readonly unknown[] | null | undefined;

/** A value as a CSV cell: null is an empty one, lists are JSON. */
export function cell(value: Value): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value, bigintAsText) : String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The cells of each record; undefined where its quotes are not RFC 4180's. */
export function cellsOf(records: readonly string[]): (readonly string[] | undefined)[] {
  const quoted = records.filter((record) => record.includes('"'));
  if (quoted.length === 0) return records.map((record) => record.split(','));
  // Together is much quicker; where one is wrong, each for itself.
  const together = parsed(quoted.join('\n'));
  const cells = together?.length === quoted.length ? together : quoted.map((record) => parsed(record)?.[0]);
  let next = 0;
  return records.map((record) => (record.includes('"') ? cells[next++] : record.split(',')));
}

/**
 * A record that any reader takes for one of so many columns: as it is where it is one, else with cells added or left out,
 * and as a single cell where its quotes are not RFC 4180's.
 */
export function inColumns(record: string, cells: readonly string[] | undefined, columns: number): string {
  if (cells?.length === columns) return record;
  const known = cells ?? [record];
  return Array.from({ length: columns }, (_, at) => cell(known[at])).join(',');
}

function parsed(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}
