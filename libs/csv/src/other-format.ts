import type { OtherFormat } from './csv-record.ts';

/** A CSV file may begin with PAR1, but not with the byte of a Parquet file that follows. */
const STARTS: readonly (readonly [start: string, format: OtherFormat])[] = [
  ['PAR1\u0015', 'Parquet'],
  ['PK\u0003\u0004', 'workbook'],
];

/** What a file is that was taken for text, by its first line. */
export function otherFormatOf(firstLine: string): OtherFormat | undefined {
  return STARTS.find(([start]) => firstLine.startsWith(start))?.[1];
}
