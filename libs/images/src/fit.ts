import type { Sharp } from 'sharp';
import type { Frame, Size } from '#tensor';
import type { ImageOptions } from './image-options.ts';

/** A picture on its way to the pixels that the model takes, and where it will lie in them; drawings lie nowhere certain. */
export interface Fitted {
  readonly image: Sharp;
  readonly frame: Frame | undefined;
}

/** What is done to an upright picture on its way to pixels, in the threads that decode it. */
export type Fit = (image: Sharp, size: Size) => Fitted;

/** Pictures larger than this are brought down to it before a drawing is looked for in them. */
const WORKING_SIDE = 512;
const PAPER = [255, 255, 255];
/** Over all pixels that an output pixel covers, as Pillow and torchvision scale. */
const KERNELS = { bilinear: 'linear', bicubic: 'cubic', nearest: 'nearest' } as const;

/** How pictures are brought to the size that the model takes, or that drawings are looked for in. */
export function fitting(options: ImageOptions): Fit {
  const { centre = false, fit = 'cover' } = options;
  if (centre) return toWorkingSize;
  return { cover, contain, fill }[fit](options);
}

function toWorkingSize(image: Sharp): Fitted {
  const working = { width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true } as const;
  return { image: image.resize({ ...working, ...kernel({}) }), frame: undefined };
}

/** Scaled until it covers the field, and the middle cut out. */
function cover({ width, height, crop = 1, ...options }: ImageOptions): Fit {
  const around = { width: Math.round(width / crop), height: Math.round(height / crop) };
  return (image, picture) => {
    const scaled = covering(picture, around);
    const part = { left: middle(scaled.width, width), top: middle(scaled.height, height) };
    return {
      image: image.resize({ ...scaled, fit: 'fill', ...kernel(options) }).extract({ width, height, ...part }),
      frame: frameOf(picture, { width, height }, scaled, { x: -part.left, y: -part.top }),
    };
  };
}

/** Scaled until all of it fits; of an odd rest, the smaller half lies at the left and at the top. */
function contain({ width, height, position = 'centre', background = PAPER, ...options }: ImageOptions): Fit {
  const [r, g, b] = background as [number, number, number];
  return (image, picture) => {
    const factor = Math.min(width / picture.width, height / picture.height);
    const scaled = { width: rounded(picture.width * factor), height: rounded(picture.height * factor) };
    const rest = { width: width - scaled.width, height: height - scaled.height };
    const isCentred = position === 'centre';
    const left = isCentred ? Math.floor(rest.width / 2) : 0;
    const top = isCentred ? Math.floor(rest.height / 2) : 0;
    const around = { left, top, right: rest.width - left, bottom: rest.height - top };
    return {
      image: image
        .resize({ ...scaled, fit: 'fill', ...kernel(options) })
        .extend({ ...around, background: { r, g, b } }),
      frame: frameOf(picture, { width, height }, scaled, { x: left, y: top }),
    };
  };
}

/** Stretched. */
function fill({ width, height, ...options }: ImageOptions): Fit {
  const field = { width, height };
  return (image, picture) => ({
    image: image.resize({ ...field, fit: 'fill', ...kernel(options) }),
    frame: frameOf(picture, field, field, { x: 0, y: 0 }),
  });
}

function kernel({ scaling = 'bilinear' }: Pick<ImageOptions, 'scaling'>) {
  return { kernel: KERNELS[scaling], fastShrinkOnLoad: false };
}

function frameOf(picture: Size, field: Size, scaled: Size, offset: Frame['offset']): Frame {
  return { picture, field, scale: { x: scaled.width / picture.width, y: scaled.height / picture.height }, offset };
}

/** The size of a picture that was scaled until it just covers a field; torchvision cuts off fractions of a pixel. */
function covering({ width, height }: Size, field: Size): Size {
  return width * field.height > height * field.width
    ? { width: Math.floor((field.height * width) / height), height: field.height }
    : { width: field.width, height: Math.floor((field.width * height) / width) };
}

/** Where the middle part begins. */
const middle = (whole: number, part: number): number => toEven((whole - part) / 2);

/** A side has a pixel at least. */
const rounded = (side: number): number => Math.max(1, toEven(side));

/** Halves are rounded to the even neighbour, as Python does. */
function toEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
