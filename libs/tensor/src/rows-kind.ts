/**
 * What the first dimension of a model's inputs and outputs is.
 *
 * - `independent`: rows, each of which is answered the same whatever is beside it. Requests share runs.
 * - `one-by-one`: rows that affect each other. What carries rows runs each in a run of its own.
 * - `none`: no rows, but time, tokens, nodes or a set. One record is one run.
 */
export type RowsKind = 'independent' | 'one-by-one' | 'none';
