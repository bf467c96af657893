import { type Signature, stack, type Tensors, viewOf } from '#tensor';
import { disagreement, magnitudes } from './agreement.ts';
import type { BatchingMode, Instance } from './instance.ts';

export interface BatchingProof {
  readonly mode: BatchingMode;
  /** A sentence for people: what was shown, or which output of how large a batch was off by what. */
  readonly reason: string;
}

const SIZES = [2, 3, 7];

/**
 * Shows by runs whether rows of one batch leave each other alone: each sample's outputs must be the same alone and in
 * batches of 2, 3, 7 and `maxBatchRows` rows, in two orders. Never throws for what the model does: a model that cannot
 * be batched is served row by row, or, where an input or output has no row dimension, request by request.
 *
 * @param samples single-row inputs of the same shapes that differ from each other in every input (`makeSamples`), eight or more
 * @throws RangeError for fewer than two samples, or samples of different shapes
 */
export async function proveBatching(
  instance: Instance,
  signature: Signature,
  samples: readonly Tensors[],
  maxBatchRows: number,
): Promise<BatchingProof> {
  requireComparable(samples);
  const unrowed = signature.inputs.find(({ shape }) => shape.length === 0 || shape[0]! > 1 || shape[0] === 0);
  if (unrowed)
    return requestByRequest(`input "${unrowed.name}" of shape [${unrowed.shape.join(', ')}] has no dimension for rows`);

  const { rows, failure } = await runAlone(instance, samples);
  if (rows.length === 0) return requestByRequest(`no sample row could be run, so nothing was shown (${failure})`);
  const ragged = findRagged(rows);
  if (ragged) return requestByRequest(ragged);

  const fixed = signature.inputs.find(({ shape }) => shape[0] === 1);
  if (fixed) return rowByRow(`input "${fixed.name}" takes one row at a time`);
  if (maxBatchRows < 2) return rowByRow('batches are limited to one row');
  if (rows.length < 2) return rowByRow(`only one sample row could be run, so nothing was shown (${failure})`);

  const trouble = await findTrouble(instance, rows, maxBatchRows);
  if (trouble) return rowByRow(trouble);
  return { mode: 'batched', reason: shownBy(rows, maxBatchRows) };
}

const rowByRow = (why: string): BatchingProof => ({ mode: 'row-by-row', reason: `Served row by row: ${why}.` });
const requestByRequest = (why: string): BatchingProof => ({
  mode: 'request-by-request',
  reason: `Served request by request: ${why}.`,
});

/** A sample and what the model answers to it alone. */
interface AloneRow {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
}

function requireComparable(samples: readonly Tensors[]): void {
  if (samples.length < 2)
    throw new RangeError(`Batching is proved on two sample rows at least; there are ${samples.length}.`);
  const shapes = samples.map((sample) =>
    JSON.stringify(Object.entries(sample).map(([name, { shape }]) => [name, shape])),
  );
  if (shapes.some((shape) => shape !== shapes[0]))
    throw new RangeError('The sample rows must have the same inputs and shapes.');
}

async function runAlone(
  instance: Instance,
  samples: readonly Tensors[],
): Promise<{ rows: AloneRow[]; failure: string }> {
  const rows: AloneRow[] = [];
  let failure = '';
  for (const inputs of samples) {
    try {
      rows.push({ inputs, outputs: await instance.run(inputs) });
    } catch (error) {
      failure = messageOf(error);
    }
  }
  return { rows, failure };
}

function findRagged(rows: readonly AloneRow[]): string | undefined {
  const first = rows[0]!.outputs;
  for (const { outputs } of rows) {
    for (const [name, { shape }] of Object.entries(outputs)) {
      if (shape[0] !== 1)
        return `output "${name}" has shape [${shape.join(', ')}] for one row: it has no dimension for rows`;
      const other = first[name]!.shape;
      if (shape.join() !== other.join())
        return `output "${name}" has shape [${shape.join(', ')}] for one row and [${other.join(', ')}] for another`;
    }
  }
  return undefined;
}

async function findTrouble(
  instance: Instance,
  rows: readonly AloneRow[],
  maxBatchRows: number,
): Promise<string | undefined> {
  const reaches = Object.fromEntries(
    Object.keys(rows[0]!.outputs).map((name) => [name, magnitudes(rows.map(({ outputs }) => outputs[name]!))]),
  );
  for (const size of sizesUpTo(maxBatchRows)) {
    for (const order of ordersOf(size, rows.length)) {
      const batch = order.map((at) => rows[at]!);
      let together: Tensors;
      try {
        together = await instance.run(stack(batch.map(({ inputs }) => inputs)));
      } catch (error) {
        return `a batch of ${size} rows failed (${messageOf(error)})`;
      }
      const found = compare(batch, together, reaches);
      if (found) return found;
    }
  }
  return undefined;
}

const sizesUpTo = (maxBatchRows: number) =>
  [...new Set([...SIZES, maxBatchRows])].filter((size) => size <= maxBatchRows);

/** The samples from first to last and round again, and from last to first: neighbours are never the same sample. */
function ordersOf(size: number, count: number): number[][] {
  const forward = Array.from({ length: size }, (_, at) => at % count);
  return [forward, forward.map((at) => count - 1 - at)];
}

function compare(
  batch: readonly AloneRow[],
  together: Tensors,
  reaches: Record<string, readonly number[]>,
): string | undefined {
  const size = batch.length;
  for (const [name, alone] of Object.entries(batch[0]!.outputs)) {
    const output = together[name];
    const expected = [size, ...alone.shape.slice(1)].join(', ');
    if (output?.shape.join(', ') !== expected) {
      return `output "${name}" has shape [${output?.shape.join(', ')}] for a batch of ${size} rows, not [${expected}]`;
    }
    const stride = alone.data.length;
    for (let row = 0; row < size; row += 1) {
      const found = disagreement(
        batch[row]!.outputs[name]!,
        viewOf(output.data, row * stride, (row + 1) * stride),
        reaches[name]!,
      );
      if (found)
        return `in a batch of ${size} rows, row ${row} of output "${name}" is ${found}, as it is alone: rows influence each other`;
    }
  }
  return undefined;
}

function shownBy(rows: readonly AloneRow[], maxBatchRows: number): string {
  const sizes = sizesUpTo(maxBatchRows).join(', ');
  const shown = `${rows.length} sample rows were answered the same alone and together, in batches of ${sizes} rows, in two orders.`;
  const constant = rows.every(({ outputs }) => sameOutputs(outputs, rows[0]!.outputs));
  return constant ? `${shown} But the model answers all of them alike, which shows little.` : shown;
}

function sameOutputs(some: Tensors, others: Tensors): boolean {
  return Object.entries(some).every(([name, { data }]) =>
    Array.prototype.every.call(data, (value, at) => Object.is(value, others[name]!.data[at])),
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
