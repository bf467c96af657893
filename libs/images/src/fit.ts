import { NestorError } from '#errors';
import type { Frame, Size } from '#tensor';
import { type ImageOptions, sizeOf } from './image-options.ts';
import { toEven } from './rounding.ts';
import { sizesBySides } from './sides.ts';

/** How a picture is brought to the pixels that the model takes: which part of it in which size, and where that is put. */
export interface Fitting {
  /** The size of the whole picture once it is scaled. */
  readonly scaled: Size;
  /** What of it is wanted. */
  readonly part: Part;
  /** The size of what it is put into, and where. */
  readonly field: Size;
  readonly at: Point;
}

/** Where a part of a picture begins, and its size. */
export interface Part extends Size {
  readonly left: number;
  readonly top: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** By the size of an upright picture. */
export type Fit = (picture: Size) => Fitting;

/** Pictures larger than this are brought down to it before a drawing is looked for in them. */
const WORKING_SIDE = 512;
const ORIGIN = { x: 0, y: 0 };

/** How pictures are brought to the size that the model takes, or that drawings are looked for in. */
export function fitting(options: ImageOptions): Fit {
  const { centre = false, fit = 'cover' } = options;
  const size = sizeOf(options);
  if (size === undefined) return bySides(options);
  if (centre) return toWorkingSize;
  return { cover, contain, fill }[fit](size, options);
}

/**
 * The same for pictures whose fields have so many pixels at most: of a thin one, the longer side may become any length.
 * @throws NestorError IMAGE_TOO_LARGE
 */
export function fittingWithin(fit: Fit, mostPixels: number): Fit {
  return (picture) => {
    const fitted = fit(picture);
    const { width, height } = fitted.field;
    if (width * height <= mostPixels) return fitted;
    throw new NestorError(
      'IMAGE_TOO_LARGE',
      `has ${picture.width} × ${picture.height} pixels and would be scaled to ${width} × ${height}; at most ${mostPixels} pixels are taken`,
    );
  };
}

/** Where a picture lies in what it was put into. */
export function frameOf(picture: Size, { scaled, part, field, at }: Fitting): Frame {
  return {
    picture,
    field,
    scale: { x: scaled.width / picture.width, y: scaled.height / picture.height },
    offset: { x: at.x - part.left, y: at.y - part.top },
  };
}

const toWorkingSize: Fit = (picture) => {
  const scaled = inside(picture, { width: WORKING_SIDE, height: WORKING_SIDE }, 1);
  return { scaled, part: whole(scaled), field: scaled, at: ORIGIN };
};

/** Scaled until it covers the field, and the middle cut out. */
function cover(field: Size, { crop = 1 }: ImageOptions): Fit {
  const { width, height } = field;
  const around = { width: Math.round(width / crop), height: Math.round(height / crop) };
  return (picture) => {
    const scaled = covering(picture, around);
    const part = { ...field, left: middle(scaled.width, width), top: middle(scaled.height, height) };
    return { scaled, part, field, at: ORIGIN };
  };
}

/** Scaled until all of it fits. */
function contain(field: Size, options: ImageOptions): Fit {
  return (picture) => placedIn(field, inside(picture, field, Infinity), options);
}

/** Stretched. */
function fill(field: Size): Fit {
  return () => placedIn(field, field, {});
}

/** In a field of the picture's own proportions. */
function bySides(options: ImageOptions): Fit {
  const sizesOf = sizesBySides(options);
  return (picture) => {
    const { field, scaled } = sizesOf(picture);
    return placedIn(field, scaled, options);
  };
}

/** The whole picture in a field; of an odd rest, the smaller half lies at the left and at the top. */
function placedIn(field: Size, scaled: Size, { position = 'centre' }: ImageOptions): Fitting {
  const half = (rest: number): number => (position === 'centre' ? Math.floor(rest / 2) : 0);
  const at = { x: half(field.width - scaled.width), y: half(field.height - scaled.height) };
  return { scaled, part: whole(scaled), field, at };
}

const whole = (size: Size): Part => ({ ...size, left: 0, top: 0 });

/** The size of a picture that was scaled until it just fits into a field. @param most the largest factor */
function inside({ width, height }: Size, field: Size, most: number): Size {
  const factor = Math.min(field.width / width, field.height / height, most);
  return { width: Math.max(1, toEven(width * factor)), height: Math.max(1, toEven(height * factor)) };
}

/** The size of a picture that was scaled until it just covers a field; torchvision cuts off fractions of a pixel. */
function covering({ width, height }: Size, field: Size): Size {
  return width * field.height > height * field.width
    ? { width: Math.floor((field.height * width) / height), height: field.height }
    : { width: field.width, height: Math.floor((field.width * height) / width) };
}

/** Where the middle part begins. */
const middle = (all: number, part: number): number => toEven((all - part) / 2);
