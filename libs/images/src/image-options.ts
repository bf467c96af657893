/** How a picture becomes a tensor: the `image` block of a manifest. What each member means is said in model.schema.json. */
export interface ImageOptions {
  readonly width: number;
  readonly height: number;
  readonly channels?: 1 | 3;
  readonly layout?: 'NCHW' | 'NHWC';
  readonly order?: 'RGB' | 'BGR';
  readonly scaling?: 'bilinear' | 'bicubic' | 'nearest';
  readonly antialias?: boolean;
  readonly fit?: 'cover' | 'contain' | 'fill';
  readonly position?: 'centre' | 'top-left';
  readonly background?: readonly number[];
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

/**
 * Refuses what would be of no effect.
 * @throws ImageOptionsError
 */
export function requireEffect({ channels = 3, order, fit, position, background, centre }: ImageOptions): void {
  if (order !== undefined && channels !== 3)
    throw new ImageOptionsError('"image" has an "order" of colours for one channel: leave it out.');
  const rest = position === undefined ? background && 'background' : 'position';
  if (rest !== undefined && (fit !== 'contain' || centre === true))
    throw new ImageOptionsError(`"image" has a "${rest}", which needs "fit": "contain".`);
}
