import { stack, type Tensors, viewOf } from '#tensor';
import { disagreement, magnitudes } from './agreement.ts';
import type { Instance } from './instance.ts';

/** What runs showed of a model's rows, and a sentence for people that says how. */
export type RowsTest = { readonly reason: string } & (
  | {
      /** Each row was answered the same alone and beside others. */
      readonly outcome: 'agree';
      /** The most rows of a batch that ran. */
      readonly maxBatchRows: number;
    }
  /** A row was answered otherwise beside others than alone. */
  | { readonly outcome: 'disagree' }
  /** The outputs of one row have no dimension for rows. */
  | { readonly outcome: 'no-rows' }
  /** Nothing was shown. */
  | { readonly outcome: 'untested' }
);

const SIZES = [2, 3, 7];

/**
 * Tests by runs whether rows are independent: each sample's outputs must be the same alone and in batches of 2, 3, 7 and
 * `maxBatchRows` rows, in two orders. A test, not a proof: it shows what these samples show. A batch that fails ends
 * the tests of its size; what ran before counts. Never throws for what the model does.
 *
 * @param rounds samples of one row each, of the same shapes within a round, which differ from each other (`makeSamples`). The first
 * round has two or more; the others, of other sizes and magnitudes, are passed over where the model does not take them.
 * @throws RangeError for samples of different shapes
 */
export async function testRows(
  instance: Instance,
  rounds: readonly (readonly Tensors[])[],
  maxBatchRows: number,
): Promise<RowsTest> {
  for (const samples of rounds) requireComparable(samples);
  const { rows, failure } = await runAlone(instance, rounds[0]!);
  if (rows.length === 0) return untested(`no sample row could be run (${failure})`);
  const otherRounds: AloneRow[][] = [];
  for (const samples of rounds.slice(1)) otherRounds.push((await runAlone(instance, samples)).rows);
  for (const round of [rows, ...otherRounds]) {
    const ragged = findRagged(round);
    if (ragged) return { outcome: 'no-rows', reason: `Its ${ragged}.` };
  }
  if (maxBatchRows < 2) return untested('batches are limited to one row');
  if (rows.length < 2) return untested(`only one sample row could be run (${failure})`);
  if (rows.every(({ inputs }) => sameTensors(inputs, rows[0]!.inputs))) return untested('all sample rows are alike');

  const first = await compareBatches(instance, rows, sizesUpTo(maxBatchRows));
  if (first.trouble !== undefined) return { outcome: 'disagree', reason: `Tested: ${first.trouble}.` };
  if (first.ran.length === 0) return untested(first.failure!);
  const ranRows = first.ran.at(-1)!;
  for (const others of otherRounds) {
    if (others.length < 2) continue;
    const { trouble } = await compareBatches(instance, others, sizesUpTo(Math.min(ranRows, SIZES.at(-1)!)));
    if (trouble !== undefined) return { outcome: 'disagree', reason: `Tested: ${trouble}.` };
  }
  return { outcome: 'agree', maxBatchRows: ranRows, reason: shownBy(rows, first.ran) };
}

const untested = (why: string): RowsTest => ({ outcome: 'untested', reason: `Not tested: ${why}.` });

/** A sample and what the model answers to it alone. */
interface AloneRow {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
}

function requireComparable(samples: readonly Tensors[]): void {
  const shapes = samples.map((sample) =>
    JSON.stringify(Object.entries(sample).map(([name, { shape }]) => [name, shape])),
  );
  if (shapes.some((shape) => shape !== shapes[0]))
    throw new RangeError('The samples must have the same inputs and shapes.');
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
  for (const { outputs } of rows) {
    const first = rows[0]!.outputs;
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

interface Compared {
  /** The sizes of batches that ran and agreed. */
  readonly ran: readonly number[];
  /** What was answered otherwise than alone. */
  readonly trouble?: string;
  /** Why a size, and with it all larger ones, was given up. */
  readonly failure?: string;
}

async function compareBatches(
  instance: Instance,
  rows: readonly AloneRow[],
  sizes: readonly number[],
): Promise<Compared> {
  const reaches = Object.fromEntries(
    Object.keys(rows[0]!.outputs).map((name) => [name, magnitudes(rows.map(({ outputs }) => outputs[name]!))]),
  );
  const ran: number[] = [];
  for (const size of sizes) {
    for (const order of ordersOf(size, rows.length)) {
      const batch = order.map((at) => rows[at]!);
      let together: Tensors;
      try {
        together = await instance.run(stack(batch.map(({ inputs }) => inputs)));
      } catch (error) {
        return { ran, failure: `a batch of ${size} rows failed (${messageOf(error)})` };
      }
      const trouble = compare(batch, together, reaches);
      if (trouble) return { ran, trouble };
    }
    ran.push(size);
  }
  return { ran };
}

const sizesUpTo = (maxBatchRows: number): readonly number[] =>
  [...new Set([...SIZES, maxBatchRows])].filter((size) => size <= maxBatchRows).sort((one, other) => one - other);

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
        return `in a batch of ${size} rows, row ${row} of output "${name}" is ${found}, as it is alone: rows affect each other`;
    }
  }
  return undefined;
}

function shownBy(rows: readonly AloneRow[], sizes: readonly number[]): string {
  const shown = `Tested: ${rows.length} sample rows were answered the same alone and together, in batches of ${sizes.join(', ')} rows, in two orders.`;
  const constant = rows.every(({ outputs }) => sameTensors(outputs, rows[0]!.outputs));
  return constant ? `${shown} But the model answers all of them alike, which shows little.` : shown;
}

function sameTensors(some: Tensors, others: Tensors): boolean {
  return Object.entries(some).every(([name, { data }]) =>
    Array.prototype.every.call(data, (value, at) => Object.is(value, others[name]!.data[at])),
  );
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
