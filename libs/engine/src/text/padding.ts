import { setImmediate as turn } from 'node:timers/promises';
import { filledUp, type Instance } from '#inference';
import { floatsOf, type Tensor, type Tensors } from '#tensor';
import type { TextModel } from './text-model.ts';

/** How far answers may differ, as a part of an answer's largest number. Another order of additions changes less. */
const TOLERANCE = 1e-4;

/** Joins texts into one run, for the scheduler. */
export function joinTexts({ paddings }: TextModel, texts: readonly Tensors[]): Tensors {
  const names = Object.keys(texts[0]!);
  return Object.fromEntries(
    names.map((name) => [
      name,
      filledUp(
        texts.map((inputs) => inputs[name]!),
        paddings[name]!,
      ),
    ]),
  );
}

/**
 * Whether texts of different lengths get the same answers together as alone.
 * @returns the difference, as a sentence; undefined if there is none
 */
export async function textsAgree(
  text: TextModel,
  instance: Instance,
  texts: readonly Tensors[],
): Promise<string | undefined> {
  const alone: Tensor[] = [];
  for (const inputs of texts) {
    await turn();
    alone.push((await instance.run(inputs, [text.output]))[text.output]!);
  }
  const together = (await instance.run(joinTexts(text, texts), [text.output]))[text.output]!;
  const stride = together.data.length / texts.length;
  for (const [row, own] of alone.entries()) {
    const mine = Float64Array.from(floatsOf(own));
    const shared = floatsOf(together).subarray(row * stride, (row + 1) * stride);
    const allowed = TOLERANCE * mine.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const at = mine.findIndex((value, index) => !(Math.abs(value - shared[index]!) <= allowed));
    if (at === -1) continue;
    const tokens = texts[row]!['input_ids']!.shape[1]!;
    return `A text of ${tokens} tokens got ${mine[at]} alone, but ${shared[at]} beside longer texts.`;
  }
  return undefined;
}
