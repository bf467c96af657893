import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The house price model's columns, in its order. */
export const COLUMNS = ['CHAS', 'RM', 'TAX', 'PTRATIO', 'B', 'LSTAT'] as const;

export type House = Record<(typeof COLUMNS)[number], number>;

/** With the options that Nestor opens its sessions with. */
export const session = await InferenceSession.create(process.env['MODEL'] ?? 'models/housing/1/model.onnx', {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});

/** The prices of some houses, in one run of the session that Nestor opens with the same options. */
export async function predict(houses: readonly House[]): Promise<number[]> {
  const width = COLUMNS.length;
  const features = new Float32Array(houses.length * width);
  for (let row = 0; row < houses.length; row += 1) {
    const house = houses[row]!;
    for (let column = 0; column < width; column += 1) features[row * width + column] = house[COLUMNS[column]!];
  }
  const { price } = await session.run({ features: new Tensor('float32', features, [houses.length, width]) });
  return Array.from(price!.data as Float32Array);
}

interface Waiting {
  readonly houses: readonly House[];
  readonly resolve: (prices: number[]) => void;
  readonly reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/** As `predict`, where all that arrives in one turn of the event loop shares one run. */
export function predictBatched(houses: readonly House[]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    waiting.push({ houses, resolve, reject });
    if (waiting.length === 1) setImmediate(() => void runBatch());
  });
}

async function runBatch(): Promise<void> {
  const batch = waiting;
  waiting = [];
  try {
    const prices = await predict(batch.flatMap(({ houses }) => houses));
    let start = 0;
    for (const { houses, resolve } of batch) resolve(prices.slice(start, (start += houses.length)));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
