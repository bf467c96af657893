import type { PoolingMode } from './text-options.ts';

/** What a model says of each token of one text: rows of `width` numbers. */
export interface TokenVectors {
  readonly data: Float32Array;
  /** Tokens of the text itself; those that fill it up come after. */
  readonly length: number;
  readonly width: number;
}

/** One vector of a text, as sentence-transformers makes it of its tokens' vectors. */
export type Pool = (vectors: TokenVectors) => Float64Array;

const POOLS: Readonly<Record<PoolingMode, Pool>> = {
  cls: (vectors) => token(vectors, 0),
  last: (vectors) => token(vectors, vectors.length - 1),
  max: highest,
  mean: (vectors) => sum(vectors, () => 1 / vectors.length),
  'mean-sqrt': (vectors) => sum(vectors, () => 1 / Math.sqrt(vectors.length)),
  'weighted-mean': (vectors) => {
    const whole = (vectors.length * (vectors.length + 1)) / 2;
    return sum(vectors, (at) => (at + 1) / whole);
  },
};

/** The vector of a text: that of each mode, one after the other; of length 1 with `normalise`. */
export function pooled(vectors: TokenVectors, modes: readonly PoolingMode[], normalise: boolean): Float32Array {
  const parts = modes.map((mode) => POOLS[mode](vectors));
  const whole = Float64Array.from(parts.flatMap((part) => [...part]));
  return Float32Array.from(normalise ? normalised(whole) : whole);
}

/** Of length 1; a vector of nothing but zeros stays one. */
export function normalised<Vector extends Float32Array | Float64Array>(vector: Vector): Vector {
  const length = Math.max(Math.hypot(...vector), 1e-12);
  return vector.map((value) => value / length) as Vector;
}

function token({ data, width }: TokenVectors, at: number): Float64Array {
  return Float64Array.from(data.subarray(at * width, (at + 1) * width));
}

function sum({ data, length, width }: TokenVectors, weight: (at: number) => number): Float64Array {
  const total = new Float64Array(width);
  for (let at = 0, from = 0; at < length; at += 1, from += width) {
    const share = weight(at);
    for (let column = 0; column < width; column += 1) total[column]! += share * data[from + column]!;
  }
  return total;
}

function highest({ data, length, width }: TokenVectors): Float64Array {
  const most = new Float64Array(width).fill(-Infinity);
  for (let from = 0; from < length * width; from += width)
    for (let column = 0; column < width; column += 1)
      if (data[from + column]! > most[column]!) most[column] = data[from + column]!;
  return most;
}
