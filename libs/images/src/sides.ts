import type { Size } from '#tensor';
import type { ImageOptions } from './image-options.ts';
import { toEven } from './rounding.ts';

/** The size of a picture once it is scaled, and that of the field that it is put into. */
export interface Sizes {
  readonly scaled: Size;
  readonly field: Size;
}

/** How the sizes of a picture follow from its own, where the model takes any. Proportions stay, to within a pixel. */
export function sizesBySides(options: ImageOptions): (picture: Size) => Sizes {
  const { multipleOf = 1, enlarge = true, fit } = options;
  const scaledTo = sidesOf(options);
  const isStretched = fit === 'fill';
  const multiple = (side: number): number =>
    multipleOf * Math.max(1, isStretched ? toEven(side / multipleOf) : Math.ceil(side / multipleOf));
  return (picture) => {
    const wanted = scaledTo(picture);
    const isSmaller = wanted.width >= picture.width && wanted.height >= picture.height;
    const scaled = isSmaller && !enlarge ? picture : wanted;
    const field = { width: multiple(scaled.width), height: multiple(scaled.height) };
    return { scaled: isStretched ? field : scaled, field };
  };
}

function sidesOf({ shorterSide, longerSide, fit }: ImageOptions): (picture: Size) => Size {
  if (shorterSide === undefined && fit !== 'fill') return byRounding(longerSide!);
  return byCutting(shorterSide ?? Infinity, longerSide ?? Infinity);
}

/** As Ultralytics' letterbox. */
function byRounding(longerSide: number): (picture: Size) => Size {
  return ({ width, height }) => {
    const factor = Math.min(longerSide / width, longerSide / height);
    return sizeAtLeastOne(toEven(width * factor), toEven(height * factor));
  };
}

/** As torchvision's Resize and PaddleOCR, which cut off fractions of a pixel. */
function byCutting(shorterSide: number, longerSide: number): (picture: Size) => Size {
  return ({ width, height }) => {
    const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
    let short = shorterSide;
    let long = Math.floor((shorterSide * longer) / shorter);
    if (long > longerSide) {
      // Of the longer side alone, the proportions are the picture's.
      short = Math.floor(Number.isFinite(long) ? (longerSide * short) / long : (longerSide * shorter) / longer);
      long = longerSide;
    }
    return width <= height ? sizeAtLeastOne(short, long) : sizeAtLeastOne(long, short);
  };
}

/** However thin a picture is. */
const sizeAtLeastOne = (width: number, height: number): Size => ({
  width: Math.max(1, width),
  height: Math.max(1, height),
});
