import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text for a stream that is a terminal, unless NO_COLOR is set. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

export const heading = (text: string): string => styled('bold', text);

/** Rows of cells as lines with aligned columns, two spaces apart. Colours do not count as width. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const width = (cell: string): number => stripVTControlCharacters(cell).length;
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ''))));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => cell + ' '.repeat(Math.max(0, widths[at]! - width(cell)))).join('  ');
  return rows.map((row) => `${indent}${line(row).trimEnd()}\n`).join('');
}

/** A number of bytes as text for people. */
export function inBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${units[step]!}`;
}

/** A number with three significant digits, and spaces between thousands. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 1000
    ? Math.round(value).toLocaleString('en').replaceAll(',', ' ')
    : `${Number(value.toPrecision(3))}`;
}
