import { NestorError } from '#errors';
import type { JobResult } from '#inference';
import type { Tensor, Tensors } from '#tensor';
import type { Caller } from '../request.ts';
import type { ReadText, TextModel } from './text-model.ts';

/** The tokens of one request that wait or run at a time, in runs: enough that none is idle, few enough for others beside it. */
const RUNS_AHEAD = 2;

export interface TextRuns {
  /** Tokens of one run. */
  readonly maxBatchTokens: number;
  /** How many runs may be under way. */
  readonly concurrency: number;
  /**
   * Runs one text.
   * @param isFurther others of the same request were admitted before
   */
  readonly submit: (inputs: Tensors, gone: () => boolean, isFurther: boolean) => Promise<JobResult>;
}

/**
 * Answers the texts of one request, those of like length one after the other, so that they share runs. They are handed in
 * as runs take them: a request of thousands of texts keeps no other one waiting.
 *
 * @throws NestorError what the first text that failed was answered; the others are then given up
 */
export async function runTexts(
  model: TextModel,
  texts: readonly ReadText[],
  gone: Caller['gone'],
  { maxBatchTokens, concurrency, submit }: TextRuns,
): Promise<JobResult> {
  const window = RUNS_AHEAD * concurrency * maxBatchTokens;
  const answers = new Array<Tensor>(texts.length);
  let [waitedMs, ranMs, underWay] = [Infinity, 0, 0];
  let failed = false;
  const isGivenUp = (): boolean => failed || gone();
  let ended: () => void = () => undefined;
  const answer = async ({ row, tokens }: ReadText, isFurther: boolean): Promise<void> => {
    const size = tokens.ids.length;
    underWay += size;
    try {
      const result = await submit(model.inputsOf(tokens), isGivenUp, isFurther);
      answers[row] = result.outputs[model.output]!;
      waitedMs = Math.min(waitedMs, result.waitedMs);
      ranMs += result.ranMs;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      underWay -= size;
      ended();
    }
  };
  const work: Promise<void>[] = [];
  const byLength = texts.toSorted((one, other) => one.tokens.ids.length - other.tokens.ids.length);
  for (const text of byLength) {
    while (!isGivenUp() && underWay > 0 && underWay + text.tokens.ids.length > window)
      await new Promise<void>((resolve) => (ended = resolve));
    if (isGivenUp() && work.length > 0) break;
    work.push(answer(text, work.length > 0));
    work.at(-1)!.catch(() => undefined);
  }
  await Promise.all(work);
  if (work.length < texts.length) throw new NestorError('CANCELLED', 'The client left before all its texts ran.');
  return { outputs: model.outputsOf(texts, answers), waitedMs: texts.length > 0 ? waitedMs : 0, ranMs };
}
