import { houses, prices } from '../wire.ts';

/** A request to a model, in any protocol: its only input, and the expected values of its only output. */
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

/**
 * Pictures for a convolutional network, 602 kB each, for a model that does almost nothing: the means of the channels.
 */
export function pictures(count: number): Work {
  // The values of test/models/image/golden.json, which are fast to write, and short in JSON.
  const data = Float32Array.from({ length: count * CHANNELS * SIDE ** 2 }, (_, i) => ((i * 37 + 11) % 251) / 256);
  const expected = Array.from({ length: count * CHANNELS }, (_, channel) => {
    const pixels = data.subarray(channel * SIDE ** 2, (channel + 1) * SIDE ** 2);
    return pixels.reduce((sum, pixel) => sum + pixel, 0) / SIDE ** 2;
  });
  return { model: 'image', input: 'image', shape: [count, CHANNELS, SIDE, SIDE], data, output: 'means', expected };
}

/** A server gave a wrong answer. */
export class WrongAnswerError extends Error {}

/** @throws WrongAnswerError if an answer differs by more than single precision explains */
export function checkOutput({ expected }: Work, values: ArrayLike<number>): void {
  const differs = expected.findIndex((value, at) => !(Math.abs(values[at]! - value) <= 1e-4 * Math.abs(value)));
  if (values.length === expected.length && differs === -1) return;
  throw new WrongAnswerError(
    `it answers ${Array.from(values).slice(0, 3).join(', ')} for ${expected.slice(0, 3).join(', ')}`,
  );
}
