import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OPTIONS } from './session-options.ts';

/** The house price model's columns, in its order. */
export const COLUMNS = ['CHAS', 'RM', 'TAX', 'PTRATIO', 'B', 'LSTAT'] as const;

export type House = Record<(typeof COLUMNS)[number], number>;

export const session = await InferenceSession.create(process.env['MODEL'] ?? 'models/housing/1/model.onnx', OPTIONS);

/** The prices of some houses, in one run of a session with Nestor's options. */
export async function predict(houses: readonly House[]): Promise<number[]> {
  return Array.from(await run(featuresOf(houses), houses.length));
}

/** Like `predict`, but calls in one turn of the event loop share one run. */
export async function predictBatched(houses: readonly House[]): Promise<number[]> {
  return Array.from(await predictFeatures(featuresOf(houses), houses.length));
}

interface Waiting {
  readonly features: Float32Array;
  readonly rows: number;
  readonly resolve: (prices: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/** The prices of houses in one array of rows. Calls in one turn of the event loop share a run. */
export function predictFeatures(features: Float32Array, rows: number): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    waiting.push({ features, rows, resolve, reject });
    if (waiting.length === 1) setImmediate(() => void runBatch());
  });
}

async function runBatch(): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const rows = batch.reduce((sum, one) => sum + one.rows, 0);
    const prices = await run(batch.length === 1 ? batch[0]!.features : joined(batch, rows), rows);
    let start = 0;
    for (const one of batch) one.resolve(prices.subarray(start, (start += one.rows)));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

function joined(batch: readonly Waiting[], rows: number): Float32Array {
  const all = new Float32Array(rows * COLUMNS.length);
  let start = 0;
  for (const { features } of batch) {
    all.set(features, start);
    start += features.length;
  }
  return all;
}

function featuresOf(houses: readonly House[]): Float32Array {
  const width = COLUMNS.length;
  const features = new Float32Array(houses.length * width);
  for (let row = 0; row < houses.length; row += 1) {
    const house = houses[row]!;
    for (let column = 0; column < width; column += 1) features[row * width + column] = house[COLUMNS[column]!];
  }
  return features;
}

async function run(features: Float32Array, rows: number): Promise<Float32Array> {
  const { price } = await session.run({ features: new Tensor('float32', features, [rows, COLUMNS.length]) });
  return price!.data as Float32Array;
}
