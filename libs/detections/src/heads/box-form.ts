import type { BoxForm } from '../detection-options.ts';

type Corners = readonly [left: number, top: number, right: number, bottom: number];

/** The corners of a box, from the model's four numbers. */
export const CORNERS: Readonly<Record<BoxForm, (a: number, b: number, c: number, d: number) => Corners>> = {
  corners: (left, top, right, bottom) => [left, top, right, bottom],
  'corners-yx': (top, left, bottom, right) => [left, top, right, bottom],
  centre: (x, y, width, height) => [x - width / 2, y - height / 2, x + width / 2, y + height / 2],
  'corner-size': (left, top, width, height) => [left, top, left + width, top + height],
};

/** Like `CORNERS`, for a box whose four numbers are together at an index. */
export const cornersAt = (form: BoxForm, numbers: ArrayLike<number>, at: number): Corners =>
  CORNERS[form](numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!);
