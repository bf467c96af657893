import { freeView, type Size } from '#tensor';

/** Pixels in memory: rows from the top, each from the left, the channels of a pixel side by side; 0 is dark. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 for grey levels, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** By whole numbers: equal colours are exactly their level. */
const luma = (red: number, green: number, blue: number): number =>
  Math.floor((299 * red + 587 * green + 114 * blue + 500) / 1000);

/**
 * Grey levels of a colour picture by ITU-R 601's luma, as Pillow and OpenCV have them in training; grey in colours stays
 * exactly what it is. With `invert`, light and dark are exchanged.
 */
export function toGrey({ width, height, channels, data }: Picture, invert: boolean): Picture {
  const grey = new Uint8Array(width * height);
  const [zero, sign] = invert ? [255, -1] : [0, 1];
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += channels) {
    const level = channels === 1 ? data[at]! : luma(data[at]!, data[at + 1]!, data[at + 2]!);
    grey[pixel] = zero + sign * level;
  }
  return { width, height, channels: 1, data: grey };
}

/** A picture in a field of its size or a larger one, the rest of which has one colour. */
export function onField(
  picture: Picture,
  { width, height }: Size,
  at: { readonly x: number; readonly y: number },
  colour: readonly number[],
): Picture {
  if (picture.width === width && picture.height === height) return picture;
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  data.set(colour.slice(0, channels));
  for (let filled = channels; filled < data.length; filled *= 2) data.copyWithin(filled, 0, filled);
  const row = picture.width * channels;
  for (let line = 0; line < picture.height; line += 1) {
    const part = picture.data.subarray(line * row, (line + 1) * row);
    data.set(part, ((at.y + line) * width + at.x) * channels);
  }
  return { width, height, channels, data };
}

/** Light and dark exchanged. */
export function inverted(picture: Picture): Picture {
  return { ...picture, data: picture.data.map((level) => 255 - level) };
}

/** A picture that was made of another one. Nobody looks at that any more, and its memory is given back. */
export function inPlaceOf(former: Picture, picture: Picture): Picture {
  if (picture.data !== former.data) freeView(former.data);
  return picture;
}
