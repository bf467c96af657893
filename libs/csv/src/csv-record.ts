/** Why a record has no cells, or none to rely on. */
export type Fault = 'too long' | 'not UTF-8' | 'wrong quotes';

/** A record of CSV as it came, without its last line break; its text holds line breaks where a cell does. */
export interface CsvRecord {
  readonly text: string;
  /** The number of its first line, from 1. */
  readonly line: number;
  readonly fault: Fault | undefined;
}

/** What a message says of a row with this fault. */
export const FAULTS: Readonly<Record<Fault, string>> = {
  'too long': 'is too long',
  'not UTF-8': 'is not valid UTF-8',
  'wrong quotes': 'has wrong quotes: they enclose a whole cell, and one within it is doubled',
};
