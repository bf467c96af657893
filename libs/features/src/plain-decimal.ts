/** A double holds any number of this many digits exactly, and the powers of ten up to this one. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

const [MINUS, POINT, ZERO, NINE] = [0x2d, 0x2e, 0x30, 0x39];

/**
 * Reads a number in plain notation (`-12.5`) from a part of a text, without a substring. The digits and the power of
 * ten are exact, so that the quotient is rounded only once, to the number nearest to the text, like that of `Number`.
 *
 * @returns NaN for everything else, including other notations of numbers
 */
export function plainDecimal(text: string, from: number, to: number): number {
  const negative = text.charCodeAt(from) === MINUS;
  const start = negative ? from + 1 : from;
  let value = 0;
  let point = -1;
  for (let at = start; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) value = value * 10 + (code - ZERO);
    else if (code === POINT && point < 0) point = at;
    else return NaN;
  }
  const digits = to - start - (point < 0 ? 0 : 1);
  if (digits <= 0 || digits > MOST_DIGITS) return NaN;
  if (point >= 0) value /= POWERS[to - point - 1]!;
  return negative ? -value : value;
}
