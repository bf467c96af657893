import type { BadRow, Label, Row, RowForm } from '#labelling';

/** Rows that follow each other. */
export interface RowBatch {
  readonly rows: readonly Row[];
  /** Where the next batch begins: bytes of a file, or pictures of a folder. */
  readonly end: number;
  /** The line at which the next batch begins. */
  readonly nextLine: number;
}

/** Rows to be labelled, in one of the forms in which they lie on disk. */
export interface DataSet extends RowForm {
  /** Its length, in what `RowBatch.end` counts. */
  readonly size: number;
  /** Another text whenever what is to be read is something else. */
  readonly identity: string;
  /** What the output begins with. */
  readonly head: string;
  /** Whether the output has the values of all classes, not that of the prediction alone. */
  readonly ofAllClasses: boolean;
  /** Names of columns that the model does not take, as far as they are known; they are carried over to the output. */
  readonly unused: ReadonlySet<string>;
  /** @param from where to begin, an `end` of an earlier batch; 0 for the first row */
  batches(from: number, line: number): AsyncIterable<RowBatch>;
  /** A row with its label; none for one that could not be predicted. Rows are written in their order. */
  write(row: Row, label: Label | undefined, bad: BadRow | undefined): string;
  /** Of a form that is no text, and cannot be continued: the bytes of what was written since, and at the end of all. */
  take?(isLast: boolean): Uint8Array;
  close(): Promise<void>;
}
