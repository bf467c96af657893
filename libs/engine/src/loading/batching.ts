import { batchSize, type BatchingMode, type BatchingProof, type Instance, proveBatching } from '#inference';
import type { Manifest } from '#models';
import type { Signature, Tensors } from '#tensor';
import type { RunCost } from '#inference';
import { SAMPLES } from './example-rows.ts';
import { takesRows } from './warm-up.ts';

/** A proof that takes longer holds the start up: it is only made where the manifest asks for it. */
const LONGEST_PROOF_MS = 5000;

/** How a model's rows share runs, and why: a sentence for people. */
export interface Batching {
  readonly mode: BatchingMode;
  readonly reason: string;
  /** Most rows of one run; 1 where rows, or requests, run alone. */
  readonly maxBatchRows: number;
  readonly maxBatchWaitMs: number;
}

export type BatchingPlan = Pick<Batching, 'mode' | 'reason' | 'maxBatchRows'>;

/**
 * Decides how many rows share a run, and proves that rows which do leave each other alone. Where that is not shown, or
 * not worth showing, each row has a run of its own (or each request, where the model's first dimension holds no rows).
 *
 * @param samples inputs of one row each, at least two, the first of which are known to run
 * @param mostRows of one run
 */
export async function planBatching(
  model: { manifest: Manifest; signature: Signature; instance: Instance; cost: RunCost | undefined },
  samples: readonly Tensors[],
  mostRows: number,
): Promise<BatchingPlan> {
  const { manifest, signature, instance, cost } = model;
  const maxBatchRows = manifest.batching?.maxRows ?? (cost === undefined ? 1 : batchSize(cost, mostRows));
  const without = reasonAgainst(manifest, cost, maxBatchRows);
  // Two samples still show whether there are rows at all.
  const proof = await (without === undefined
    ? proveBatching(instance, signature, samples, maxBatchRows)
    : proveBatching(instance, signature, samples.slice(0, 2), 1));
  if (proof.mode === 'batched') return { ...proof, maxBatchRows };
  return { ...(takesRows(signature) ? explained(proof, without) : proof), maxBatchRows: 1 };
}

/** Why rows are not to share runs, whatever a proof would show. */
function reasonAgainst({ batching }: Manifest, cost: RunCost | undefined, maxBatchRows: number): string | undefined {
  if (batching?.enabled === false) return 'batching is switched off in model.json';
  if (cost === undefined) return 'no row could be made up that the model runs: add examples to model.json';
  if (maxBatchRows === 1) return 'more rows in a run would make it that much longer';
  const proofMs = proofCost(cost, maxBatchRows);
  if (batching?.enabled === true || proofMs <= LONGEST_PROOF_MS) return undefined;
  const seconds = Math.round(proofMs / 1000);
  return `showing that rows do not influence each other would take ${seconds} s at every load; "batching": {"enabled": true} in model.json asks for it`;
}

function explained(proof: BatchingProof, without: string | undefined): BatchingProof {
  if (proof.mode !== 'row-by-row' || without === undefined) return proof;
  return { mode: proof.mode, reason: `Served row by row: ${without}.` };
}

/** The runs of the proof: each sample alone, then together at four sizes in two orders. */
function proofCost(cost: RunCost, maxBatchRows: number): number {
  const together = [2, 3, 7, maxBatchRows].map((rows) => cost.ms(rows));
  return SAMPLES * cost.ms(1) + 2 * together.reduce((sum, ms) => sum + ms, 0);
}
