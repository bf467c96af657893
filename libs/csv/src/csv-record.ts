/** Why a record has no cells, or unreliable ones. */
export type Fault = 'too long' | 'not UTF-8' | 'wrong quotes' | OtherFormat;

/** The file is not text: its first bytes say what it is. */
export type OtherFormat = 'Parquet' | 'workbook';

/** A CSV record as in the input, without its last line break. Its text has the line breaks inside cells. */
export interface CsvRecord {
  readonly text: string;
  /** The number of its first line, from 1. */
  readonly line: number;
  readonly fault: Fault | undefined;
}

/** How a message describes a row with this fault. */
export const FAULTS: Readonly<Record<Fault, string>> = {
  'too long': 'is too long',
  'not UTF-8': 'is not valid UTF-8',
  Parquet:
    'is the start of a Parquet file. Save it as CSV, or label it with nestor predict under a name that ends in .parquet',
  workbook: 'is the start of an Excel workbook or another ZIP file. Save the sheet as CSV',
  'wrong quotes': 'has wrong quotes: they enclose a whole cell, and one within it is doubled',
};
