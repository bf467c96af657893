import type { ResizeOptions } from 'sharp';
import type { Reshape, Size } from './decode.ts';
import type { ImageOptions } from './image-options.ts';

/** Pictures larger than this are brought down to it before a drawing is looked for in them. */
const WORKING_SIDE = 512;
const PAPER = '#ffffff';
/** Over all pixels that an output pixel covers, as Pillow and torchvision scale. */
const KERNELS = { bilinear: 'linear', bicubic: 'cubic', nearest: 'nearest' } as const;

/** How pictures are brought to the size that the model takes, or that drawings are looked for in. */
export function fitting(options: ImageOptions): Reshape {
  const { width, height, centre = false, fit = 'cover', crop = 1, scaling = 'bilinear' } = options;
  const how = { kernel: centre ? KERNELS.bilinear : KERNELS[scaling], fastShrinkOnLoad: false };
  if (centre) {
    const working = { width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true } as const;
    return (image) => image.resize({ ...working, ...how });
  }
  if (fit !== 'cover') return (image) => image.resize({ width, height, fit, ...restOf(options), ...how });
  const around = { width: Math.round(width / crop), height: Math.round(height / crop) };
  return (image, size) => {
    const scaled = covering(size, around);
    const part = { width, height, left: middle(scaled.width, width), top: middle(scaled.height, height) };
    return image.resize({ ...scaled, fit: 'fill', ...how }).extract(part);
  };
}

/** What lies around a picture that was fitted in. */
function restOf({ position, background }: ImageOptions): Pick<ResizeOptions, 'position' | 'background'> {
  const [r, g, b] = background ?? [];
  return {
    position: position === 'top-left' ? 'left top' : 'centre',
    background: background === undefined ? PAPER : { r: r!, g: g!, b: b! },
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
