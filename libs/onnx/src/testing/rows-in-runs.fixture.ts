import { OnnxSession, sourceOfBytes } from '#onnx';
import type { Tensor, Tensors } from '#tensor';
import { type Dimension, ELEMENT, type Value } from '../model-file/model-file.ts';
import { rowCandidates } from '../rows/read-rows.ts';
import { modelOf, type Sketch } from './graphs.fixture.ts';
import { modelBytes } from './model-bytes.fixture.ts';

/** How the effect begins where not even a row alone is answered. */
export const ALONE = 'a row alone fails';

/** What open dimensions other than the rows are. */
const OPEN = 3;

/**
 * Runs a graph on rows together, in two orders, and alone.
 * @param seed for the values of the rows
 * @returns "none" where each row was answered alike, or what was not
 */
export async function effectOfBatch(sketch: Sketch, seed = 1): Promise<string> {
  const model = modelOf(sketch);
  const session = await OnnxSession.open(await sourceOfBytes(modelBytes(model), 'sketch.onnx'), { intraOpThreads: 1 });
  try {
    const candidates = rowCandidates(model);
    const rows = model.graph.inputs.filter(({ name }) => candidates.get(name) === true);
    const fixed = model.graph.inputs.filter(({ name }) => candidates.get(name) === false);
    const shared = Object.fromEntries(fixed.map((input, at) => [input.name, made(input, 1, seed + at)]));
    for (const count of [2, 3, 5]) {
      const together = Object.fromEntries(rows.map((input, at) => [input.name, made(input, count, seed + 10 * at)]));
      const order = Array.from({ length: count }, (_, row) => (row + 1) % count);
      for (const picked of [order.toSorted((a, b) => a - b), order]) {
        const effect = await compare(session, together, shared, picked);
        if (effect !== undefined) return effect;
      }
    }
    return 'none';
  } finally {
    await session.close();
  }
}

async function compare(
  session: OnnxSession,
  together: Tensors,
  shared: Tensors,
  picked: readonly number[],
): Promise<string | undefined> {
  const run = async (rows: readonly number[]): Promise<Tensors | string> =>
    session.run({ ...mapped(together, (tensor) => take(tensor, rows)), ...shared }).catch((error: unknown) => {
      const { message } = error as Error;
      if (message.includes('data type')) throw error;
      return message;
    });
  const rows = [];
  for (const row of picked) rows.push(await run([row]));
  const failure = rows.find((alone) => typeof alone === 'string');
  if (failure !== undefined) return `${ALONE}: ${failure}`;
  const batch = await run(picked);
  if (typeof batch === 'string') return `the batch fails: ${batch}`;
  for (const [at, alone] of (rows as readonly Tensors[]).entries()) {
    for (const [name, { shape }] of Object.entries(alone)) {
      const whole = batch[name]!;
      const wanted = [picked.length, ...shape.slice(1)];
      if (shape[0] !== 1 || whole.shape.join() !== wanted.join())
        return `output ${name} has the shape [${whole.shape.join()}], and [${shape.join()}] for one row`;
      if (!isClose(take(whole, [at]), alone[name]!)) return `output ${name} of a row differs`;
    }
  }
  return undefined;
}

function mapped(tensors: Tensors, map: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}

function take(tensor: Tensor, rows: readonly number[]): Tensor {
  const size = tensor.data.length / tensor.shape[0]!;
  const parts = rows.flatMap((row) => [...(tensor.data as Float32Array).slice(row * size, (row + 1) * size)]);
  const { constructor } = tensor.data as unknown as { constructor: { from(list: readonly unknown[]): never } };
  return { ...tensor, shape: [rows.length, ...tensor.shape.slice(1)], data: constructor.from(parts) };
}

/** Alike but for the rounding of sums in another order. */
export function isClose(one: Tensor, other: Tensor): boolean {
  return Array.from(one.data as Float32Array).every((value, at) => {
    const expected = other.data[at] as number;
    if (Object.is(value, expected)) return true;
    return typeof value === 'number' && Math.abs(value - expected) <= 1e-4 * (1 + Math.abs(value));
  });
}

/** A tensor that fits an input whose first dimension, where it is open, has `count` items. */
export function made({ shape = [], elementType }: Value, count: number, seed: number): Tensor {
  const sizes = shape.map((size: Dimension, at) => (typeof size === 'number' ? size : at === 0 ? count : OPEN));
  const length = sizes.reduce((product, size) => product * size, 1);
  const noise = (at: number): number => Math.sin(seed * 7.13 + at * 12.9898) * 43_758.5453;
  const fraction = (at: number): number => noise(at) - Math.floor(noise(at));
  if (elementType === ELEMENT.INT64)
    return {
      datatype: 'INT64',
      shape: sizes,
      data: BigInt64Array.from({ length }, (_, at) => BigInt(Math.floor(fraction(at) * 3))),
    };
  if (elementType === ELEMENT.STRING)
    return { datatype: 'BYTES', shape: sizes, data: Array.from({ length }, (_, at) => 'a b c '.repeat(at % 3) + at) };
  // Of several magnitudes, so that a threshold of the batch would show.
  const data = Float32Array.from(
    { length },
    (_, at) => (fraction(at) - 0.4) * 10 ** (Math.floor(fraction(at + 0.5) * 4) - 1),
  );
  return { datatype: 'FP32', shape: sizes, data };
}
