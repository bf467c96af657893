import type { Sharp } from 'sharp';
import type { Size } from '#tensor';
import type { Fitting } from './fit.ts';
import type { ImageOptions } from './image-options.ts';
import { inPlaceOf, type Picture } from './picture.ts';

/** How values between pixels are found. */
export type Scaling = Required<Pick<ImageOptions, 'scaling' | 'antialias'>>;

/** What opens pixels as a picture. */
export type OpenPixels = (picture: Picture) => Sharp;

/** Over all pixels that an output pixel covers, as Pillow and torchvision scale down. */
const KERNELS = { bilinear: 'linear', bicubic: 'cubic', nearest: 'nearest' } as const;
/** How many pixels around a part are read to find values at its border. */
const REACH = 3;

/**
 * The part of a scaled picture that is wanted, made in the threads that decode it. Where a picture is enlarged, or scaled
 * without antialiasing, values are taken at the middle of each output pixel, as Pillow and OpenCV take them; libvips' own
 * enlarging is half a pixel beside that.
 */
export async function scaledPart(
  image: Sharp,
  picture: Size,
  { scaled, part }: Pick<Fitting, 'scaled' | 'part'>,
  { scaling, antialias }: Scaling,
  open: OpenPixels,
): Promise<Picture> {
  const isByPoints = (from: number, to: number): boolean =>
    to > from || (to < from && (!antialias || scaling === 'nearest'));
  const across = isByPoints(picture.width, scaled.width);
  const down = isByPoints(picture.height, scaled.height);
  const smooth = { kernel: KERNELS[scaling], fit: 'fill', fastShrinkOnLoad: false } as const;
  if (!across && !down) return pixelsOf(image.resize({ ...scaled, ...smooth }).extract(part));
  // An axis along which values are averaged goes first.
  const before = { width: across ? picture.width : scaled.width, height: down ? picture.height : scaled.height };
  const isAveraged = before.width !== picture.width || before.height !== picture.height;
  const averaged = isAveraged ? image.resize({ ...before, ...smooth }) : image;
  const [x, y] = [
    pointsOf(before.width, scaled.width, part.left, part.width, scaling),
    pointsOf(before.height, scaled.height, part.top, part.height, scaling),
  ];
  const region = { left: x.begin, top: y.begin, width: x.length, height: y.length };
  const matrix: [[number, number], [number, number]] = [
    [x.factor, 0],
    [0, y.factor],
  ];
  // Nothing beyond the border is read: a large picture need not be held whole.
  if (scaling === 'bilinear' && x.factor <= 1 && y.factor <= 1) {
    const inside = { interpolator: scaling, idx: x.shift + x.before, idy: y.shift + y.before };
    return corner(await pixelsOf(image.extract(region).affine(matrix, inside)), part);
  }
  const border = { left: x.before, top: y.before, right: x.after, bottom: y.after, extendWith: 'copy' } as const;
  const { data } = await pixelsOf(averaged.extract(region).extend(border));
  // sharp tells the size that a picture had before it was extended, where it was resized too.
  const extended: Picture = { width: x.all, height: y.all, channels: 3, data };
  const moved = open(extended).affine(matrix, { interpolator: scaling, idx: x.shift, idy: y.shift });
  return corner(inPlaceOf(extended, await pixelsOf(moved)), part);
}

/** Along one axis: what is read of the picture for a part of its scaled size, and where the first output pixel lies in that. */
function pointsOf(from: number, to: number, start: number, size: number, scaling: Scaling['scaling']) {
  const factor = to / from;
  const middleOf = (pixel: number): number => (pixel + 0.5) / factor;
  const first = Math.floor(middleOf(start)) - REACH;
  const last = Math.ceil(middleOf(start + size - 1)) + REACH;
  const [begin, end] = [Math.max(0, first), Math.min(from - 1, last)];
  // A pixel's value is that of its middle; the nearest one is the one that a point lies in.
  const shift = (scaling === 'nearest' ? 0 : 0.5) - middleOf(start) + first;
  const read = { begin, length: end - begin + 1, before: begin - first, after: last - end };
  return { factor, shift, all: last - first + 1, ...read };
}

async function pixelsOf(image: Sharp): Promise<Picture> {
  const pixels = image.toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data };
}

/** The top left of a picture. */
function corner(picture: Picture, { width, height }: Size): Picture {
  const { data, channels } = picture;
  const [row, step] = [width * channels, picture.width * channels];
  const cut = new Uint8Array(row * height);
  for (let line = 0; line < height; line += 1) cut.set(data.subarray(line * step, line * step + row), line * row);
  return inPlaceOf(picture, { width, height, channels, data: cut });
}
