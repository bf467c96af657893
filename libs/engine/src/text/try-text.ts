import { setImmediate as turn } from 'node:timers/promises';
import { type Instance, RunCost } from '#inference';
import { type Manifest, RepositoryError } from '#models';
import type { Tensors } from '#tensor';
import { shortest } from '../loading/cost.ts';
import { type ExecutionPlan, type ExecutionWish, planExecution } from '../loading/execution.ts';
import type { RowsForeseen } from '../rows/foresee-rows.ts';
import { decided, type RowsDecision } from '../rows/rows-decision.ts';
import { joinTexts, textsAgree } from './padding.ts';
import { type TextModel, textsWithin, TYPICAL_TOKENS } from './text-model.ts';

/** The runs to measure: how many tokens each text has, and how many texts a run has. */
const MEASURED: readonly (readonly [tokens: number, texts: number])[] = [
  [16, 1],
  [64, 1],
  [64, 4],
  [64, 16],
];
/** Longer runs are neither measured nor used, since a short text would wait for them. */
const LONGEST_RUN_MS = 100;
/** The lengths, in tokens, of the texts that share a run in the test of whether they affect each other. */
const LENGTHS = [5, 17, 40] as const;

export interface TriedText {
  /** The cost of runs by tokens. */
  readonly cost: RunCost;
  readonly rows: RowsDecision;
  readonly maxBatchTokens: number;
}

/**
 * Runs a text model for the first time: on its examples, then on texts of several lengths, to measure the cost of
 * tokens and to test whether texts may share runs.
 *
 * @param examples the tensors of the manifest's examples
 * @throws RepositoryError if an example does not run
 */
export async function tryText(
  text: TextModel,
  instance: Instance,
  { manifest, examples, foreseen }: { manifest: Manifest; examples: readonly Tensors[]; foreseen: RowsForeseen },
): Promise<TriedText> {
  for (const [at, example] of examples.entries()) {
    await turn();
    const [read] = await text.read(example, 1, () => false);
    await instance.run(text.inputsOf(read!.tokens)).catch((error: unknown) => {
      const message = `The model fails on examples[${at}] of its manifest: ${(error as Error).message}`;
      throw new RepositoryError(message, { cause: error });
    });
  }
  const cost = await measured(text, instance);
  const rows = await rowsOf(text, instance, manifest, foreseen);
  return { cost, rows, maxBatchTokens: manifest.batching?.maxTokens ?? cost.measuredRows };
}

/** Decides where a text model runs, by the cost of typical texts. */
export function planTextExecution(
  wish: Omit<ExecutionWish, 'maxRows'>,
  { cost, maxBatchTokens }: Pick<TriedText, 'cost' | 'maxBatchTokens'>,
  cpus: number,
): ExecutionPlan {
  return planExecution({ ...wish, maxRows: textsWithin(maxBatchTokens) }, costOfTexts(cost), cpus);
}

/** The cost of typical texts, by their number in a run. @param cost the cost of tokens */
export function costOfTexts(cost: RunCost): RunCost {
  const most = textsWithin(cost.measuredRows);
  return new RunCost([...new Set([1, most])].map((texts) => [texts, cost.ms(texts * TYPICAL_TOKENS)] as const));
}

/** The maximum tokens of a run; fewer on the event loop, which a longer run would block. */
export function tokensOfRun({ maxBatchTokens }: TriedText, { where, maxRows }: ExecutionPlan): number {
  return where === 'inline' ? Math.min(maxBatchTokens, maxRows * TYPICAL_TOKENS) : maxBatchTokens;
}

async function measured(text: TextModel, instance: Instance): Promise<RunCost> {
  const points: [number, number][] = [];
  for (const [wanted, texts] of MEASURED) {
    const tokens = Math.min(wanted, text.plan.maxTokens);
    const size = tokens * texts;
    if (size <= (points.at(-1)?.[0] ?? 0)) continue;
    if (points.length > 0 && new RunCost(points).ms(size) > LONGEST_RUN_MS) break;
    if (texts > 1 && !text.hasMask) break;
    const inputs = joinTexts(
      text,
      Array.from({ length: texts }, () => text.inputsOf(textOf(text, tokens))),
    );
    points.push([size, await shortest(() => instance.run(inputs, [text.output]))]);
  }
  return new RunCost(points);
}

/** Whether texts may share runs. */
async function rowsOf(
  text: TextModel,
  instance: Instance,
  manifest: Manifest,
  { decision }: RowsForeseen,
): Promise<RowsDecision> {
  if (decision?.by === 'manifest') return decision;
  if (!text.hasMask)
    return decided(
      'one-by-one',
      'signature',
      'The model has no attention_mask, so it would read the padding of shorter texts.',
    );
  if (manifest.batching?.enabled === false)
    return decided('one-by-one', 'manifest', '"batching": {"enabled": false} in model.json lets no texts share a run.');
  if (decision?.by === 'graph' && decision.kind !== 'independent')
    return decided('one-by-one', 'graph', decision.reason);
  const texts = LENGTHS.map((tokens) => text.inputsOf(textOf(text, Math.min(tokens, text.plan.maxTokens))));
  const found = await textsAgree(text, instance, texts);
  if (found !== undefined) return decided('one-by-one', 'tests', found);
  const lengths = LENGTHS.join(', ');
  return decided('independent', 'tests', `Texts of ${lengths} tokens got the same answers together as alone.`);
}

/** A text with this many tokens. */
function textOf({ tokenizer, signature }: TextModel, length: number) {
  const words = Array.from({ length }, (_, at) => WORDS[(at * 7 + length) % WORDS.length]!).join(' ');
  const tokens = signature.inputs.length > 1 ? tokenizer.pair('what is it', words) : tokenizer.tokens(words);
  const keep = Math.min(length, tokens.ids.length);
  return { ...tokens, ids: tokens.ids.slice(0, keep), types: tokens.types.slice(0, keep) };
}

const WORDS = 'a the of to and in is it you that he was for on are with as his they be at one have this'.split(' ');
