import type { BadRow, Label, Row, RowForm } from '#labelling';

/** Consecutive rows. */
export interface RowBatch {
  readonly rows: readonly Row[];
  /** Where the next batch begins: bytes of a file, or pictures of a folder. */
  readonly end: number;
  /** The line at which the next batch begins. */
  readonly nextLine: number;
}

/** Rows to be labelled, in one of the formats of an input. */
export interface DataSet extends RowForm {
  /** Its length, in the unit of `RowBatch.end`. */
  readonly size: number;
  /** Changes whenever the data changes. */
  readonly identity: string;
  /** The beginning of the output. */
  readonly head: string;
  /** Whether the output has the values of all classes, and not only the prediction's. */
  readonly ofAllClasses: boolean;
  /** Names of the columns, as far as read, that the model does not take; the output has them too. */
  readonly unused: ReadonlySet<string>;
  /** @param from where to begin, an `end` of an earlier batch; 0 for the first row */
  batches(from: number, line: number): AsyncIterable<RowBatch>;
  /** A row with its label, or without one if it could not be predicted. Rows are written in order. */
  write(row: Row, label: Label | undefined, bad: BadRow | undefined): string;
  /** Only in binary formats, which no run can continue: the bytes since the last call. The last call ends the file. */
  take?(isLast: boolean): Uint8Array;
  close(): Promise<void>;
}
