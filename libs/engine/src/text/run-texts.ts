import { NestorError } from '#errors';
import type { JobResult } from '#inference';
import type { Tensor, Tensors } from '#tensor';
import type { Caller } from '../request.ts';
import type { ReadText, TextModel } from './text-model.ts';

/**
 * How many runs' tokens of one request may wait or run at a time: enough to keep runs busy, and few enough to share
 * them.
 */
const RUNS_AHEAD = 2;

export interface TextRuns {
  /** The maximum tokens of one run. */
  readonly maxBatchTokens: number;
  /** How many runs may be active at a time. */
  readonly concurrency: number;
  /**
   * Runs one text.
   * @param isFurther others of the same request were admitted before
   */
  readonly submit: (inputs: Tensors, gone: () => boolean, isFurther: boolean) => Promise<JobResult>;
}

/**
 * Runs the texts of one request. Texts of similar lengths follow each other, so that they share runs. It submits them
 * only as fast as runs take them, so that a request with thousands of texts does not delay others.
 *
 * @throws NestorError the error of the first text that fails; the others are then cancelled
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
