import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** The outputs with logits and boxes. */
export interface QueryOutputs {
  readonly boxes: string;
  readonly logits: string;
}

type Activation = 'softmax' | 'sigmoid';

const BOX = 4;

/**
 * Logits [N, queries, classes] and boxes [N, queries, 4], as in DETR and its successors. With softmax, the last class
 * means no object, and a query is at most one object. With sigmoid, each class has an independent probability.
 */
export class QueriesHead implements Head {
  readonly outputs: readonly string[];
  readonly hasRows = true;
  readonly #names: QueryOutputs;
  readonly #form: BoxForm;
  readonly #activation: Activation;

  constructor(names: QueryOutputs, form: BoxForm, activation: Activation) {
    this.outputs = [names.logits, names.boxes];
    this.#names = names;
    this.#form = form;
    this.#activation = activation;
  }

  candidates(outputs: Tensors, row: number, threshold: number): Candidate[] {
    const tensor = outputs[this.#names.logits]!;
    const [, queries, classes] = tensor.shape as [number, number, number];
    const logits = floatsOf(tensor).subarray(row * queries * classes, (row + 1) * queries * classes);
    const boxes = floatsOf(outputs[this.#names.boxes]!).subarray(row * queries * BOX, (row + 1) * queries * BOX);
    const found: Candidate[] = [];
    for (let query = 0; query < queries; query += 1) {
      const own = logits.subarray(query * classes, (query + 1) * classes);
      const likely = this.#activation === 'softmax' ? likeliest(own, threshold) : eachAbove(own, threshold);
      if (likely.length === 0) continue;
      const [left, top, right, bottom] = cornersAt(this.#form, boxes, query * BOX);
      for (const { label, score } of likely) found.push({ left, top, right, bottom, score, label });
    }
    return found;
  }
}

type Likely = Pick<Candidate, 'label' | 'score'>;

/** The likeliest class except the last, if its probability is above the threshold. */
function likeliest(logits: ArrayLike<number>, threshold: number): Likely[] {
  let [label, most] = [0, -Infinity];
  for (let at = 0; at < logits.length; at += 1) {
    if (logits[at]! > most) most = logits[at]!;
    if (at < logits.length - 1 && logits[at]! > logits[label]!) label = at;
  }
  let sum = 0;
  for (let at = 0; at < logits.length; at += 1) sum += Math.exp(logits[at]! - most);
  const score = Math.fround(Math.exp(logits[label]! - most) / sum);
  return score > threshold ? [{ label, score }] : [];
}

function eachAbove(logits: ArrayLike<number>, threshold: number): Likely[] {
  const likely: Likely[] = [];
  for (let label = 0; label < logits.length; label += 1) {
    const score = Math.fround(1 / (1 + Math.exp(-logits[label]!)));
    if (score > threshold) likely.push({ label, score });
  }
  return likely;
}
