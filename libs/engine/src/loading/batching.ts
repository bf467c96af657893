import {
  batchSize,
  type Instance,
  makeSamples,
  mostInventedRows,
  type RowsTest,
  type RunCost,
  testRows,
} from '#inference';
import type { Manifest } from '#models';
import type { Signature, Tensors } from '#tensor';
import { rowsAfterTests, type RowsForeseen } from '../rows/foresee-rows.ts';
import { decided, type RowsDecision } from '../rows/rows-decision.ts';
import { type TextModel, textsWithin } from '../text/text-model.ts';
import { SAMPLES } from './example-rows.ts';

/** Longer tests would delay the start, so they run only if the manifest asks for them. */
const LONGEST_TESTS_MS = 5000;

/** How many rows share a run. */
export interface Batching {
  /** The maximum rows of one run; 1 if rows, or requests, run alone. For texts, derived from `maxBatchTokens`. */
  readonly maxBatchRows: number;
  /** The maximum tokens of one run, for text models. */
  readonly maxBatchTokens?: number;
  readonly maxBatchWaitMs: number;
}

/** @param size the maximum rows of one run or, for texts, tokens */
export function batchingOf(
  text: TextModel | undefined,
  size: number,
): Pick<Batching, 'maxBatchRows' | 'maxBatchTokens'> {
  return text === undefined ? { maxBatchRows: size } : { maxBatchRows: textsWithin(size), maxBatchTokens: size };
}

export interface BatchingPlan {
  readonly rows: RowsDecision;
  readonly maxBatchRows: number;
}

/** A model that was warmed up. */
export interface TriedModel {
  readonly manifest: Manifest;
  readonly signature: Signature;
  readonly instance: Instance;
  /** The cost of runs; undefined if only requests' runs can show it. */
  readonly cost: RunCost | undefined;
  /** Why the cost is not known. */
  readonly unmeasured?: string;
  /** Inputs of one row each; the first is known to run. */
  readonly samples: readonly Tensors[];
  /** The maximum rows of one run. */
  readonly mostRows: number;
}

/** Decides the kind of a model's rows, by tests if nothing else decides it, and how many rows share a run. */
export async function planBatching(model: TriedModel, foreseen: RowsForeseen): Promise<BatchingPlan> {
  const { manifest, cost, mostRows } = model;
  const most = manifest.batching?.maxRows ?? (cost === undefined ? 1 : batchSize(cost, mostRows));
  if (foreseen.decision !== undefined) {
    const rows = await shownByOutputs(model, foreseen.decision);
    return { rows, maxBatchRows: rows.kind === 'independent' ? most : 1 };
  }
  const test = await tested(model, most);
  return { rows: rowsAfterTests(foreseen, test), maxBatchRows: test.outcome === 'agree' ? test.maxBatchRows : 1 };
}

/** A model that takes one row at a time may return a step for each element of it. Such a model has no rows. */
async function shownByOutputs({ signature, instance, samples }: TriedModel, rows: RowsDecision): Promise<RowsDecision> {
  const isOpen = rows.by === 'signature' && rows.oneAtATime && signature.outputs.some(({ shape }) => shape[0] !== 1);
  if (!isOpen) return rows;
  const longer = [21, 32].map((inner) => makeSamples(signature, [], { inner }).slice(0, 1));
  const test = await testRows(instance, [samples.slice(0, 1), ...longer], 1);
  return test.outcome === 'no-rows' ? decided('none', 'tests', test.reason) : rows;
}

async function tested(model: TriedModel, most: number): Promise<RowsTest> {
  const { manifest, signature, instance, samples } = model;
  const maxRows = Math.max(1, Math.min(most, mostInventedRows(samples[0] ?? {})));
  const against = reasonAgainst(model, maxRows);
  // Two samples still show whether outputs have rows at all.
  if (against === undefined) return testRows(instance, roundsOf(signature, samples, manifest), maxRows);
  const test = await testRows(instance, [samples.slice(0, 2)], 1);
  return test.outcome === 'untested' ? { ...test, reason: `Not tested: ${against}.` } : test;
}

/** Why rows are not tested. */
function reasonAgainst(
  { manifest: { batching }, cost, unmeasured }: TriedModel,
  maxBatchRows: number,
): string | undefined {
  if (cost === undefined) return unmeasured;
  if (maxBatchRows === 1) return 'a run with more rows would take proportionally longer';
  const testsMs = testsCost(cost, maxBatchRows);
  if (batching?.enabled === true || testsMs <= LONGEST_TESTS_MS) return undefined;
  const seconds = Math.round(testsMs / 1000);
  return `the tests would take ${seconds} s at every load; "batching": {"enabled": true} in model.json asks for them`;
}

/** The samples. If the manifest has no examples or features, also samples with larger numbers and of other lengths. */
function roundsOf(signature: Signature, samples: readonly Tensors[], { examples, features }: Manifest): Tensors[][] {
  if (examples !== undefined || features !== undefined) return [[...samples]];
  return [[...samples], makeSamples(signature, [], { scale: 1e4 }), makeSamples(signature, [], { inner: 21 })];
}

/** The runs of the tests: each sample alone, then together at four sizes in two orders. */
function testsCost(cost: RunCost, maxBatchRows: number): number {
  const together = [2, 3, 7, maxBatchRows].map((rows) => cost.ms(rows));
  return SAMPLES * cost.ms(1) + 2 * together.reduce((sum, ms) => sum + ms, 0);
}
