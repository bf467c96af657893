import type { Size } from '#tensor';

/** How a picture becomes a tensor: the `image` block of a manifest. What each member means is said in model.schema.json. */
export interface ImageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly shorterSide?: number;
  readonly longerSide?: number;
  readonly multipleOf?: number;
  readonly enlarge?: boolean;
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

/** The size that every picture is brought to; undefined where each has its own, by its sides. */
export function sizeOf({ width, height }: ImageOptions): Size | undefined {
  return width === undefined || height === undefined ? undefined : { width, height };
}

/**
 * Refuses what does not go together, or would be of no effect.
 * @throws ImageOptionsError
 */
export function requireEffect(options: ImageOptions): void {
  const { channels = 3, order, position, background, centre } = options;
  requireSize(options);
  if (order !== undefined && channels !== 3)
    throw new ImageOptionsError('"image" has an "order" of colours for one channel: leave it out.');
  const fit = options.fit ?? (sizeOf(options) === undefined ? 'contain' : 'cover');
  const rest = position === undefined ? background && 'background' : 'position';
  if (rest !== undefined && (fit !== 'contain' || centre === true))
    throw new ImageOptionsError(`"image" has a "${rest}", which needs "fit": "contain".`);
}

function requireSize(options: ImageOptions): void {
  const { width, height, shorterSide, longerSide = Infinity, multipleOf, enlarge, fit, crop, centre } = options;
  const hasSides = shorterSide !== undefined || options.longerSide !== undefined;
  if (hasSides ? width !== undefined || height !== undefined : sizeOf(options) === undefined)
    throw new ImageOptionsError(
      '"image" needs "width" and "height", or, where the model takes pictures of any size, "shorterSide" or "longerSide" instead.',
    );
  if (!hasSides && (multipleOf !== undefined || enlarge !== undefined)) {
    const member = multipleOf === undefined ? 'enlarge' : 'multipleOf';
    throw new ImageOptionsError(
      `"image" has "${member}", which needs "shorterSide" or "longerSide" in place of a fixed size.`,
    );
  }
  if (!hasSides) return;
  const fixed = [fit === 'cover' && '"fit": "cover"', crop !== undefined && '"crop"', centre === true && '"centre"'];
  const [member] = fixed.filter((one) => one !== false);
  if (member !== undefined)
    throw new ImageOptionsError(`"image" has ${member}, which needs "width" and "height": a picture keeps its sides.`);
  if (shorterSide !== undefined && shorterSide > longerSide)
    throw new ImageOptionsError('"image" has a "shorterSide" that is longer than its "longerSide".');
}
