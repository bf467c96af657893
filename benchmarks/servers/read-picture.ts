import sharp from 'sharp';

/** The part of a manifest's `image` block that this file uses. */
export interface Preprocessing {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

// Pictures are decoded in parallel, each in one thread.
sharp.concurrency(1);
sharp.cache(false);

/**
 * A colour picture as in the model's training: scaled without shortcuts until it covers the size, cropped,
 * standardised.
 */
export async function readCovering(file: Buffer, image: Preprocessing): Promise<Float32Array> {
  const { width: side } = image;
  const { width, height } = await sharp(file).metadata();
  const covering = { width: Math.floor((side * width) / height), height: side };
  const data = await sharp(file)
    .resize({ ...covering, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .extract({ left: (covering.width - side) >> 1, top: 0, width: side, height: side })
    .removeAlpha()
    .raw()
    .toBuffer();
  return standardised(data, image);
}

/** Converts levels, pixel by pixel, to planes of channels. */
export function standardised(levels: Uint8Array, { mean, deviation, scale }: Preprocessing): Float32Array {
  const channels = mean.length;
  const pixels = levels.length / channels;
  const planes = new Float32Array(levels.length);
  for (let at = 0, pixel = 0; at < levels.length; at += channels, pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1)
      planes[channel * pixels + pixel] = (levels[at + channel]! * scale - mean[channel]!) / deviation[channel]!;
  }
  return planes;
}
