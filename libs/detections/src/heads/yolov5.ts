import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** How many numbers of a place come before the classes: its box, and the probability of an object. */
const BOX = 4;
const BEFORE_CLASSES = BOX + 1;

/**
 * [N, places, 5 + classes], as in YOLOv5 and YOLOv7. A place has a row: its box, the probability of an object, and that
 * of each class if there is an object. The score is the product of both.
 */
export class Yolov5Head implements Head {
  readonly outputs: readonly string[];
  readonly hasRows = true;
  readonly #name: string;
  readonly #form: BoxForm;

  constructor(name: string, form: BoxForm) {
    this.outputs = [name];
    this.#name = name;
    this.#form = form;
  }

  candidates(outputs: Tensors, row: number, threshold: number): Candidate[] {
    const tensor = outputs[this.#name]!;
    const [, places, width] = tensor.shape as [number, number, number];
    const values = floatsOf(tensor);
    const found: Candidate[] = [];
    for (let place = 0, at = row * places * width; place < places; place += 1, at += width) {
      // No score of this place can be higher.
      const object = values[at + BOX]!;
      if (!(object > threshold)) continue;
      let best = at + BEFORE_CLASSES;
      for (let next = best + 1; next < at + width; next += 1) if (values[next]! > values[best]!) best = next;
      const score = Math.fround(object * values[best]!);
      if (!(score > threshold)) continue;
      const [left, top, right, bottom] = cornersAt(this.#form, values, at);
      found.push({ left, top, right, bottom, score, label: best - at - BEFORE_CLASSES });
    }
    return found;
  }
}
