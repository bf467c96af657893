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

/** Houses of the golden file, and scikit-learn's prices. */
export function housesOf(count: number): Work {
  return {
    model: 'housing',
    input: 'features',
    shape: [count, 6],
    data: Float32Array.from(houses(count).flatMap((one) => Object.values(one))),
    output: 'price',
    expected: prices(count),
  };
}

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
