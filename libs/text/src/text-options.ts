/** How several tokens become one vector. */
export type PoolingMode = 'mean' | 'cls' | 'max' | 'last' | 'mean-sqrt' | 'weighted-mean';

/** The `text` block of a manifest: what it says overrides what the folder's files say. What each member means is said in model.schema.json. */
export interface TextOptions {
  readonly pooling?: PoolingMode;
  readonly normalise?: boolean;
  readonly maxTokens?: number;
  readonly prompt?: string;
  readonly dimensions?: readonly number[];
}

/** What a text model is for. */
export type TextTask = 'text-embedding' | 'text-classification' | 'rerank' | 'token-classification';

/** A folder whose files do not fit its model, or each other; the message says what and what to do. */
export class TextOptionsError extends Error {
  override readonly name = 'TextOptionsError';
}
