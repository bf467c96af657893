import { allocate, fp16View, type TensorData } from '#tensor';
import { type ImageOptions, ImageOptionsError } from './image-options.ts';
import type { Picture } from './picture.ts';

/** The element types that an image input may have. */
export type ImageDatatype = 'UINT8' | 'FP16' | 'FP32';

const LEVELS = 256;

/** Writes a picture's levels into a tensor, scaled and standardised, in the order of the layout. */
export class LevelWriter {
  /** For each channel, the element that stands for each of the 256 levels. */
  readonly #tables: readonly TensorData[];
  readonly #planar: boolean;
  /** Whether the tensor's colours stand in the order opposite to a picture's. */
  readonly #isReversed: boolean;

  /** @throws ImageOptionsError */
  constructor(options: ImageOptions, channels: number, datatype: ImageDatatype) {
    const { scale = 1, layout = 'NCHW' } = options;
    const mean = perChannel('mean', options.mean ?? [0], channels);
    const deviation = perChannel('deviation', options.deviation ?? [1], channels);
    this.#planar = layout === 'NCHW';
    this.#isReversed = options.order === 'BGR';
    this.#tables = mean.map((subtracted, channel) =>
      table(datatype, (level) => (level * scale - subtracted) / deviation[channel]!),
    );
  }

  write({ data: levels, channels }: Picture, data: TensorData, at: number): void {
    const elements = data as Float32Array;
    const pixels = levels.length / channels;
    for (let channel = 0; channel < channels; channel += 1) {
      const values = this.#tables[channel] as Float32Array;
      const step = this.#planar ? 1 : channels;
      let to = at + (this.#planar ? channel * pixels : channel);
      const first = this.#isReversed ? channels - 1 - channel : channel;
      for (let from = first; from < levels.length; from += channels, to += step) elements[to] = values[levels[from]!]!;
    }
  }
}

function perChannel(name: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length === channels) return values;
  if (values.length === 1) return new Array<number>(channels).fill(values[0]!);
  throw new ImageOptionsError(
    `"image" has ${values.length} numbers in "${name}" for ${channels} channel(s): one, or one a channel, are expected.`,
  );
}

function table(datatype: ImageDatatype, valueOf: (level: number) => number): TensorData {
  const data = allocate(datatype, LEVELS);
  const view = datatype === 'FP16' ? fp16View(data as Uint16Array) : data;
  for (let level = 0; level < LEVELS; level += 1) {
    const value = valueOf(level);
    view[level] = value;
    if (datatype === 'UINT8' && view[level] !== value)
      throw new ImageOptionsError(
        `"image" makes ${value} of the level ${level}, and the input holds whole numbers from 0 to 255: leave out scale, mean and deviation.`,
      );
  }
  return data;
}
