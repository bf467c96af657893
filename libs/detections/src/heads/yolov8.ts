import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { CORNERS } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** How many rows come before the classes: the four numbers of a box. */
const BOX = 4;

/**
 * [N, 4 + classes, places], as in YOLOv8 and later. A place has a column: its box and the probability of each class.
 * The likeliest class is the label.
 */
export class Yolov8Head implements Head {
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
    const { shape } = outputs[this.#name]!;
    const [, channels, places] = shape as [number, number, number];
    const size = channels * places;
    const values = floatsOf(outputs[this.#name]!).subarray(row * size, (row + 1) * size);
    const { best, labels } = likeliest(values, channels - BOX, places);
    const found: Candidate[] = [];
    for (let place = 0; place < places; place += 1) {
      const score = best[place]!;
      if (!(score > threshold)) continue;
      const number = (at: number): number => values[at * places + place]!;
      const [left, top, right, bottom] = CORNERS[this.#form](number(0), number(1), number(2), number(3));
      found.push({ left, top, right, bottom, score, label: labels[place]! });
    }
    return found;
  }
}

/** The highest value of each place and its class. Reads the values in the order of memory. */
function likeliest(values: ArrayLike<number>, classes: number, places: number) {
  const best = new Float32Array(places).fill(-Infinity);
  const labels = new Uint32Array(places);
  for (let label = 0, at = BOX * places; label < classes; label += 1) {
    for (let place = 0; place < places; place += 1, at += 1) {
      if (!(values[at]! > best[place]!)) continue;
      best[place] = values[at]!;
      labels[place] = label;
    }
  }
  return { best, labels };
}
