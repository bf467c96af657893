import { houses, prices } from '../wire.ts';

/** What a model is asked, whatever the protocol: its only input, and what its only output must hold. */
export interface Work {
  readonly model: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly output: string;
  readonly expected: readonly number[];
}

/** One house of the golden file, and scikit-learn's price. */
export const house: Work = {
  model: 'housing',
  input: 'features',
  shape: [1, 6],
  data: Float32Array.from(Object.values(houses(1)[0]!)),
  output: 'price',
  expected: prices(1),
};

const SIDE = 224;
const CHANNELS = 3;

/** Pictures as a convolution net takes them, 602 kB each, to a model that does next to nothing: the means of the channels. */
export function pictures(count: number): Work {
  // The values of test/models/image/golden.json: quickly written, and short in JSON.
  const data = Float32Array.from({ length: count * CHANNELS * SIDE ** 2 }, (_, i) => ((i * 37 + 11) % 251) / 256);
  const expected = Array.from({ length: count * CHANNELS }, (_, channel) => {
    const pixels = data.subarray(channel * SIDE ** 2, (channel + 1) * SIDE ** 2);
    return pixels.reduce((sum, pixel) => sum + pixel, 0) / SIDE ** 2;
  });
  return { model: 'image', input: 'image', shape: [count, CHANNELS, SIDE, SIDE], data, output: 'means', expected };
}

/** A server that answers what is not so. */
export class WrongAnswerError extends Error {}

/** @throws WrongAnswerError where an answer differs by more than single precision does */
export function checkOutput({ expected }: Work, values: ArrayLike<number>): void {
  const differs = expected.findIndex((value, at) => !(Math.abs(values[at]! - value) <= 1e-4 * Math.abs(value)));
  if (values.length === expected.length && differs === -1) return;
  throw new WrongAnswerError(
    `it answers ${Array.from(values).slice(0, 3).join(', ')} for ${expected.slice(0, 3).join(', ')}`,
  );
}
