import { floatsOf, type Tensor, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** The outputs with boxes, scores and labels. */
export interface BoxOutputs {
  readonly boxes: string;
  readonly scores: string;
  readonly labels: string;
}

const BOX = 4;

/**
 * Three outputs: boxes [N, boxes, 4], and scores and labels [N, boxes]. They have no N in torchvision's exports, which
 * take one picture per run.
 */
export class BoxesHead implements Head {
  readonly outputs: readonly string[];
  readonly hasRows: boolean;
  readonly #names: BoxOutputs;
  readonly #form: BoxForm;

  constructor(names: BoxOutputs, form: BoxForm, hasRows: boolean) {
    this.hasRows = hasRows;
    this.outputs = [names.boxes, names.scores, names.labels];
    this.#names = names;
    this.#form = form;
  }

  candidates(outputs: Tensors, row: number, threshold: number): Candidate[] {
    const tensor = outputs[this.#names.boxes]!;
    const count = tensor.shape.at(-2)!;
    const boxes = floatsOf(tensor);
    const scores = floatsOf(outputs[this.#names.scores]!);
    const labels = outputs[this.#names.labels]!;
    const found: Candidate[] = [];
    for (let at = row * count; at < (row + 1) * count; at += 1) {
      const score = scores[at]!;
      if (!(score > threshold)) continue;
      const [left, top, right, bottom] = cornersAt(this.#form, boxes, at * BOX);
      found.push({ left, top, right, bottom, score, label: labelAt(labels, at) });
    }
    return found;
  }
}

/** Labels are floats in TensorFlow, and integers elsewhere. */
function labelAt(labels: Tensor, at: number): number {
  return labels.datatype.startsWith('FP') ? floatsOf(labels)[at]! : Number(labels.data[at]);
}
