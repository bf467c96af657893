import type { CsvRecord } from '#csv';
import type { NestorError } from '#errors';

/** A row as it lies in the input. */
export interface Row {
  /** Its text, or the name of its file. */
  readonly text: string;
  /** Its line in the input, from 1; 0 where there are no lines. */
  readonly line: number;
  /** What keeps it from being read. */
  readonly fault: CsvRecord['fault'];
}

/** What the model answers to a row: its prediction, and what else is answered, under its key or the name of its column. */
export interface Label {
  readonly prediction: unknown;
  readonly [key: string]: unknown;
}

/** A row that has no label, and why: it could not be read, or its run failed. */
export interface BadRow {
  readonly row: Row;
  /** Its place in the batch. */
  readonly at: number;
  /** What is wrong with it, and in which field; "" where the row as a whole is meant. */
  readonly issues: readonly { readonly field: string; readonly detail: string }[];
  readonly failure?: NestorError;
}

/** How people find a row: by its line, or by the name of its file. */
export function placeOf({ text, line }: Row): string {
  return line === 0 ? text : `line ${line}`;
}
