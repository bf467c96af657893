import type { Frame, RowGroup, Tensors } from '#tensor';
import type { Warning } from './findings.ts';

/** The rows of one request, ready for the model. */
export interface Rows {
  readonly count: number;
  readonly inputs: Tensors;
  /** Rows of different shapes, such as pictures of different sizes: those of each shape. `inputs` then hold nothing. */
  readonly groups?: readonly RowGroup[] | undefined;
  readonly warnings: readonly Warning[];
  /** The request carries tensors, not rows: they run as they were sent where the model's rows are not independent. */
  readonly asSent?: boolean | undefined;
  /** Of pictures: where each lies in its tensor, as far as that is known. */
  readonly frames?: readonly (Frame | undefined)[] | undefined;
}

/** What of the rows of a request its answer is written by. */
export type AskedRows = Pick<Rows, 'count' | 'frames'>;

/** What a reader of rows is to go by. */
export interface RowReaderOptions {
  /** Most rows of one request. */
  readonly maxRows: number;
  /** Whether a list may be empty where the model leaves its length open. */
  readonly emptyDimensions?: boolean | undefined;
  /** Whether the first dimension of the inputs is rows; by the signature alone, where it is left out. */
  readonly hasRows?: boolean;
}
