import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** A box, its score and its label. */
const WIDTH = 6;

/** [N, boxes, 6], or [boxes, 6] for one picture per run, of models that suppress overlaps, such as YOLOv10. */
export class PackedHead implements Head {
  readonly outputs: readonly string[];
  readonly hasRows: boolean;
  readonly #name: string;
  readonly #form: BoxForm;

  constructor(name: string, form: BoxForm, hasRows: boolean) {
    this.hasRows = hasRows;
    this.outputs = [name];
    this.#name = name;
    this.#form = form;
  }

  candidates(outputs: Tensors, row: number, threshold: number): Candidate[] {
    const tensor = outputs[this.#name]!;
    const size = tensor.shape.at(-2)! * WIDTH;
    const values = floatsOf(tensor);
    const found: Candidate[] = [];
    for (let at = row * size; at < (row + 1) * size; at += WIDTH) {
      const score = values[at + 4]!;
      if (!(score > threshold)) continue;
      const [left, top, right, bottom] = cornersAt(this.#form, values, at);
      found.push({ left, top, right, bottom, score, label: values[at + 5]! });
    }
    return found;
  }
}
