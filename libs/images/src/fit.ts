import type { Reshape, Size } from './decode.ts';
import type { ImageOptions } from './image-options.ts';

/** Pictures larger than this are brought down to it before a drawing is looked for in them. */
const WORKING_SIDE = 512;
const PAPER = '#ffffff';
/** Bilinear over all pixels that an output pixel covers, as Pillow and torchvision scale by default. */
const SCALING = { kernel: 'linear', fastShrinkOnLoad: false } as const;

/** How pictures are brought to the size that the model takes, or that drawings are looked for in. */
export function fitting({ width, height, centre = false, fit = 'cover', crop = 1 }: ImageOptions): Reshape {
  if (centre) {
    const working = { width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true } as const;
    return (image) => image.resize({ ...working, ...SCALING });
  }
  if (fit !== 'cover') return (image) => image.resize({ width, height, fit, background: PAPER, ...SCALING });
  const around = { width: Math.round(width / crop), height: Math.round(height / crop) };
  return (image, size) => {
    const scaled = covering(size, around);
    const part = { width, height, left: middle(scaled.width, width), top: middle(scaled.height, height) };
    return image.resize({ ...scaled, fit: 'fill', ...SCALING }).extract(part);
  };
}

/** The size of a picture that was scaled until it just covers a field; torchvision cuts off fractions of a pixel. */
function covering({ width, height }: Size, field: Size): Size {
  return width * field.height > height * field.width
    ? { width: Math.floor((field.height * width) / height), height: field.height }
    : { width: field.width, height: Math.floor((field.width * height) / width) };
}

/** Where the middle part begins; halves are rounded to the even neighbour, as Python does. */
function middle(whole: number, part: number): number {
  const margin = (whole - part) / 2;
  const below = Math.floor(margin);
  return margin === below || below % 2 === 0 ? below : below + 1;
}
