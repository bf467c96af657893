import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** Numbers of a place before those of the classes: its box, and the probability that there is an object at all. */
const BOX = 4;
const BEFORE_CLASSES = BOX + 1;

/**
 * [N, places, 5 + classes], as YOLOv5 and YOLOv7 have it: a row a place, its box, the probability of an object, and of each
 * class if there is one. The score is the product of the two.
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
      // No product of it is higher.
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
