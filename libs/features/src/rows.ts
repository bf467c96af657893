import type { Tensors } from '#tensor';
import type { Warning } from './findings.ts';

/** The rows of one request, ready for the model. */
export interface Rows {
  readonly count: number;
  readonly inputs: Tensors;
  readonly warnings: readonly Warning[];
  /** The request carries tensors, not rows: they run as they were sent where the model's rows are not independent. */
  readonly asSent?: boolean | undefined;
}
