import { roundToHalf } from '#tensor';

/**
 * The number with the fewest decimal digits (7 to 9, which a float32 can need) that reads back as the same float32:
 * 20.35 for the element whose exact value is 20.350000381469727. Nothing is lost: `Math.fround` of the result is the
 * element. It scales, which is much faster than `toPrecision`. The result is exact, since the quotient of a whole
 * number below 2^53 and a power of ten up to 10^22 is the double nearest to that decimal.
 */
export function shortestFloat32(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || Number.isInteger(value)) return value;
  // Beyond these bounds, the scale would not be exact. A larger float32 is a whole number.
  if (size < 1e-13) return byPrecision(value, Math.fround, 7, 9);
  let scale = 1e6;
  for (let rest = size; rest >= 10; rest /= 10) scale /= 10;
  for (let rest = size; rest < 1; rest *= 10) scale *= 10;
  for (let digits = 7; digits < 9; digits += 1, scale *= 10) {
    const rounded = Math.round(value * scale) / scale;
    if (Math.fround(rounded) === value) return rounded;
  }
  return Math.round(value * scale) / scale;
}

/** The same for a float16, which needs 3 to 5 digits. */
export function shortestFloat16(value: number): number {
  return Number.isInteger(value) ? value : byPrecision(value, roundToHalf, 3, 5);
}

function byPrecision(value: number, round: (number: number) => number, least: number, most: number): number {
  for (let digits = least; digits < most; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (round(short) === value) return short;
  }
  return Number(value.toPrecision(most));
}
