import type { Picture } from './picture.ts';

/** Levels up to this one are paper: the noise that JPEG leaves around ink is fainter. */
const FAINTEST_INK = 33;
/** The longer side of the drawing as a share of the field's shorter side: 20 of 28, as MNIST was made. */
const DRAWING_SHARE = 20 / 28;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

interface Point {
  readonly row: number;
  readonly column: number;
}

/**
 * Centres a drawing as MNIST's were: the box around the ink is scaled so that its longer side is 20/28 of the field's
 * shorter side, and put into an empty field so that the ink's centre of mass, moved by whole pixels, comes to lie on its
 * middle (row 14 and column 14 of 28, counted from 0). A drawing that has that size already keeps its pixels as they are.
 *
 * @param ink grey levels, bright ink on black
 * @returns undefined where there is no ink
 */
export function centred(ink: Picture, width: number, height: number): Picture | undefined {
  const box = inkBox(ink);
  if (box === undefined) return undefined;
  const factor = Math.round(Math.min(width, height) * DRAWING_SHARE) / Math.max(box.width, box.height);
  const size = {
    width: Math.max(1, Math.round(box.width * factor)),
    height: Math.max(1, Math.round(box.height * factor)),
  };
  const drawing = scaledPart(ink, box, size);
  const middle = centreOfMass(drawing);
  return middle && placed(drawing, middle, width, height);
}

function inkBox({ width, data }: Picture): Box | undefined {
  let first = 0;
  while (first < data.length && data[first]! < FAINTEST_INK) first += 1;
  if (first === data.length) return undefined;
  let last = data.length - 1;
  while (data[last]! < FAINTEST_INK) last -= 1;
  const [top, bottom] = [Math.floor(first / width), Math.floor(last / width)];
  let [left, right] = [width, -1];
  // Only what lies beside the box as it is known so far is looked at.
  for (let row = top; row <= bottom; row += 1) {
    const start = row * width;
    for (let column = 0; column < left; column += 1) if (data[start + column]! >= FAINTEST_INK) left = column;
    for (let column = width - 1; column > right; column -= 1) if (data[start + column]! >= FAINTEST_INK) right = column;
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The mean of what lies under each pixel of the new size, so that no stroke is lost or made up. */
function scaledPart({ width, data }: Picture, box: Box, size: Size): Picture {
  const columns = spans(box.left, box.width, size.width);
  const rows = spans(box.top, box.height, size.height);
  const part = new Uint8Array(size.width * size.height);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      part[at] = Math.round(sumUnder(data, width, row, column));
      at += 1;
    }
  }
  return { ...size, channels: 1, data: part };
}

/** Pixels that follow each other and lie, in part, under one of the new size. */
interface Span {
  readonly first: number;
  /** How much of the new pixel each of them fills. */
  readonly shares: Float64Array;
}

function sumUnder(data: Uint8Array, width: number, rows: Span, columns: Span): number {
  let sum = 0;
  for (let y = 0; y < rows.shares.length; y += 1) {
    const high = rows.shares[y]!;
    const start = (rows.first + y) * width + columns.first;
    for (let x = 0; x < columns.shares.length; x += 1) sum += high * columns.shares[x]! * data[start + x]!;
  }
  return sum;
}

/** For each of `to` equal parts of a stretch of `from` pixels, the pixels in it. */
function spans(start: number, from: number, to: number): readonly Span[] {
  const length = from / to;
  return Array.from({ length: to }, (_, part) => {
    const [begin, end] = [part * length, Math.min(from, (part + 1) * length)];
    const first = Math.floor(begin);
    const shares = Float64Array.from({ length: Math.max(1, Math.ceil(end - 1e-9) - first) }, (_pixel, index) => {
      const pixel = first + index;
      return (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / length;
    });
    return { first: start + first, shares };
  });
}

function placed(drawing: Picture, middle: Point, width: number, height: number): Picture {
  const left = Math.round(width / 2 - middle.column);
  const top = Math.round(height / 2 - middle.row);
  const field = new Uint8Array(width * height);
  for (let row = Math.max(0, -top); row < drawing.height && top + row < height; row += 1) {
    for (let column = Math.max(0, -left); column < drawing.width && left + column < width; column += 1)
      field[(top + row) * width + left + column] = drawing.data[row * drawing.width + column]!;
  }
  return { width, height, channels: 1, data: field };
}

/** Undefined where specks so small were scaled down that nothing is left of them. */
function centreOfMass({ width, height, data }: Picture): Point | undefined {
  let [mass, rows, columns] = [0, 0, 0];
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1, at += 1) {
      mass += data[at]!;
      rows += row * data[at]!;
      columns += column * data[at]!;
    }
  }
  return mass === 0 ? undefined : { row: rows / mass, column: columns / mass };
}
