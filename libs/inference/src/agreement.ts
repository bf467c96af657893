import type { Tensor } from '#tensor';

/** Rounding differs with the order of additions, which a kernel may choose by the batch's size. */
const RELATIVE = 1e-5;
/** Of the largest value at the same place in all rows: what a sum that cancels to nearly zero may be off by. */
const CANCELLATION = 1e-6;
/** Units in the last place of a half, which is coarser than 1e-5. */
const HALF_UNITS = 2;

/** How far numbers of each place of an output's row reach, over all rows: the measure of what is nearly zero. */
export function magnitudes(rows: readonly Tensor[]): readonly number[] {
  const reach = new Array<number>(rows[0]!.data.length).fill(0);
  for (const { datatype, data } of rows) {
    if (datatype !== 'FP32' && datatype !== 'FP64') break;
    for (let at = 0; at < reach.length; at += 1) {
      const size = Math.abs(data[at] as number);
      if (Number.isFinite(size) && size > reach[at]!) reach[at] = size;
    }
  }
  return reach;
}

/** The first place at which two rows of one output disagree, as words; undefined where they agree. */
export function disagreement(alone: Tensor, together: Tensor['data'], reach: readonly number[]): string | undefined {
  const { data, datatype } = alone;
  if (together.length !== data.length) return `${together.length} elements instead of ${data.length}`;
  for (let at = 0; at < data.length; at += 1) {
    const one = data[at]!;
    const other = together[at]!;
    if (Object.is(one, other) || agree(datatype, one, other, reach[at]!)) continue;
    return `${JSON.stringify(shown(other))} instead of ${JSON.stringify(shown(one))}`;
  }
  return undefined;
}

const shown = (value: number | bigint | string) => (typeof value === 'string' ? value : String(value));

function agree(datatype: Tensor['datatype'], one: unknown, other: unknown, reach: number): boolean {
  if (datatype === 'FP16') return halvesAgree(one as number, other as number);
  if (datatype !== 'FP32' && datatype !== 'FP64') return one === other;
  const [a, b] = [one as number, other as number];
  if (a === b) return true;
  // An infinite allowance would let an infinity equal anything.
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(RELATIVE * Math.max(Math.abs(a), Math.abs(b)), CANCELLATION * reach);
}

function halvesAgree(a: number, b: number): boolean {
  const isNaNBits = (bits: number) => (bits & 0x7fff) > 0x7c00;
  if (isNaNBits(a) || isNaNBits(b)) return isNaNBits(a) && isNaNBits(b);
  // Halves are in order as their bits are, sign apart.
  const rank = (bits: number) => (bits & 0x8000 ? -(bits & 0x7fff) : bits);
  const infinite = (bits: number) => (bits & 0x7fff) === 0x7c00;
  return infinite(a) === infinite(b) && Math.abs(rank(a) - rank(b)) <= HALF_UNITS;
}
