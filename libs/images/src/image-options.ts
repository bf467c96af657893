/** How a picture becomes a tensor: the `image` block of a manifest. What each member means is said in model.schema.json. */
export interface ImageOptions {
  readonly width: number;
  readonly height: number;
  readonly channels?: 1 | 3;
  readonly layout?: 'NCHW' | 'NHWC';
  readonly fit?: 'cover' | 'contain' | 'fill';
  readonly crop?: number;
  readonly invert?: boolean;
  readonly centre?: boolean;
  readonly scale?: number;
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
}

/** An `image` block that does not fit its model; the message says what and what to do. */
export class ImageOptionsError extends Error {
  override readonly name = 'ImageOptionsError';
}
