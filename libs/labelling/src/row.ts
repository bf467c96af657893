import type { CsvRecord } from '#csv';
import type { NestorError } from '#errors';

/** A row of the input. */
export interface Row {
  /** Its text, or the name of its file. */
  readonly text: string;
  /** Its line in the input, from 1; 0 if the input has no lines. */
  readonly line: number;
  /** Why it cannot be read. */
  readonly fault: CsvRecord['fault'];
}

/** The model's answer for a row: the prediction and other outputs, by key or by the name of the column. */
export interface Label {
  readonly prediction: unknown;
  readonly [key: string]: unknown;
}

/** A row that has no label, and why: it could not be read, or its run failed. */
export interface BadRow {
  readonly row: Row;
  /** Its place in the batch. */
  readonly at: number;
  /** What is wrong with it, and in which field; "" for the row as a whole. */
  readonly issues: readonly { readonly field: string; readonly detail: string }[];
  readonly failure?: NestorError;
}

/** The place of a row for people: its line, or the name of its file. */
export function placeOf({ text, line }: Row): string {
  return line === 0 ? text : `line ${line}`;
}
