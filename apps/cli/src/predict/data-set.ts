import type { CsvRecord } from '#csv';
import type { Rows } from '#features';

/** One row as it lies in the input. */
export interface Row {
  /** Its text, or the name of its file. */
  readonly text: string;
  /** Its line in the file, from 1; 0 where there are no lines. */
  readonly line: number;
  /** What keeps it from being read. */
  readonly fault: CsvRecord['fault'];
}

/** Rows that follow each other. */
export interface Batch {
  readonly rows: readonly Row[];
  /** Where the next batch begins: bytes of a file, or pictures of a folder. */
  readonly end: number;
  /** The line at which the next batch begins. */
  readonly nextLine: number;
}

/** What the model answers to a row. */
export interface Label {
  readonly prediction: unknown;
  /** Its own, for classifiers. */
  readonly probability?: number | null | undefined;
  /** Of each class, for classifiers, where the form of the output has a place for them. */
  readonly probabilities?: Readonly<Record<string, number | null>> | undefined;
}

/** Rows to be labelled, in one of the forms in which they lie on disk. */
export interface DataSet {
  /** Its length, in what `Batch.end` counts. */
  readonly size: number;
  /** Another text whenever what is to be read is something else. */
  readonly identity: string;
  /** What the output begins with. */
  readonly head: string;
  /** Whether the output has the probabilities of all classes, not that of the prediction alone. */
  readonly ofAllClasses: boolean;
  /** Names of columns that the model does not take, as far as they are known; they are carried over to the output. */
  readonly unused: ReadonlySet<string>;
  /** @param from where to begin, an `end` of an earlier batch; 0 for the first row */
  batches(from: number, line: number): AsyncIterable<Batch>;
  /** @throws NestorError whose issues name rows by their place in the list */
  read(rows: readonly Row[]): Rows | Promise<Rows>;
  /** A row with its label; none for one that could not be predicted. */
  write(row: Row, label: Label | undefined): string;
  close(): Promise<void>;
}
