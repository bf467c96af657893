import type { Frame, RowGroup, Tensors } from '#tensor';
import type { Warning } from './findings.ts';

/** The rows of one request, ready for the model. */
export interface Rows {
  readonly count: number;
  readonly inputs: Tensors;
  /** Rows of different shapes, such as pictures of different sizes, grouped by shape. `inputs` is then empty. */
  readonly groups?: readonly RowGroup[] | undefined;
  readonly warnings: readonly Warning[];
  /** Whether the request has tensors, not rows. If the model's rows are not independent, these run unchanged. */
  readonly asSent?: boolean | undefined;
  /** For pictures, the place of each in its tensor, as far as it is known. */
  readonly frames?: readonly (Frame | undefined)[] | undefined;
}

/** The members of `Rows` that the writer of an answer needs. */
export type AskedRows = Pick<Rows, 'count' | 'frames'>;

/** Options of a reader of rows. */
export interface RowReaderOptions {
  /** The maximum number of rows of one request. */
  readonly maxRows: number;
  /** Whether a list may be empty if the model leaves its length open. */
  readonly emptyDimensions?: boolean | undefined;
  /** Whether the first dimension of the inputs is rows; by default, the signature decides. */
  readonly hasRows?: boolean;
}
