import { fp16View, type Size, type Tensor } from '#tensor';
import type { Manifest } from '#models';

type ImageOptions = NonNullable<Manifest['image']>;

/** A picture as a model sees it: rows from the top, the channels of a pixel side by side, 0 is dark. */
export interface SeenPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The levels, base64. */
  readonly levels: string;
}

/**
 * The first row of an image model's input tensor as a picture. Undoes the manifest's scaling and standardising, but
 * keeps its size, centring and inversion.
 */
export function seenPicture({ shape, data, datatype }: Tensor, options: ImageOptions): SeenPicture {
  const { channels = 3, layout = 'NCHW', order, scale = 1, mean = [0], deviation = [1] } = options;
  const { width, height } = sizeIn(shape, options);
  const values = (datatype === 'FP16' ? fp16View(data as Uint16Array) : data) as Float32Array;
  const pixels = width * height;
  // Clamped, because undoing the scaling may miss the level by a rounding error.
  const levels = new Uint8ClampedArray(pixels * channels);
  for (let channel = 0; channel < channels; channel += 1) {
    const spread = deviation[channel] ?? deviation[0]!;
    const middle = mean[channel] ?? mean[0]!;
    const colour = order === 'BGR' ? channels - 1 - channel : channel;
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const value = values[layout === 'NCHW' ? channel * pixels + pixel : pixel * channels + channel]!;
      levels[pixel * channels + colour] = (value * spread + middle) / scale;
    }
  }
  return { width, height, channels, levels: Buffer.from(levels.buffer).toString('base64') };
}

/** The size of a picture, from the shape of its tensor. */
function sizeIn(shape: readonly number[], { width, height, layout }: ImageOptions): Size {
  if (width !== undefined && height !== undefined) return { width, height };
  const [first, second] = layout === 'NHWC' || shape.length === 3 ? [1, 2] : [2, 3];
  return { height: shape[first]!, width: shape[second]! };
}
