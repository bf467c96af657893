import { floatsOf, type Tensors } from '#tensor';
import type { BoxForm } from '../detection-options.ts';
import { cornersAt } from './box-form.ts';
import type { Candidate, Head } from './head.ts';

/** The outputs with boxes and scores. */
export interface ScoreOutputs {
  readonly boxes: string;
  readonly scores: string;
  /** The axis of the classes in the scores. */
  readonly classAxis: 1 | 2;
}

const BOX = 4;
/** The best of a picture that overlaps are looked for among, as in Ultralytics' package: at a low threshold, every anchor has one for each class. */
const MOST_CANDIDATES = 30_000;

/**
 * Boxes [N, anchors, 4] and scores [N, anchors, classes] or [N, classes, anchors], before the suppression of overlaps,
 * as SSD models are often exported. Each class of an anchor is a separate candidate.
 */
export class ClassScoresHead implements Head {
  readonly outputs: readonly string[];
  readonly hasRows = true;
  readonly #names: ScoreOutputs;
  readonly #form: BoxForm;
  readonly #background: number | undefined;

  /** @param background the class that means no object */
  constructor(names: ScoreOutputs, form: BoxForm, background: number | undefined) {
    this.outputs = [names.boxes, names.scores];
    this.#names = names;
    this.#form = form;
    this.#background = background;
  }

  candidates(outputs: Tensors, row: number, threshold: number): Candidate[] {
    const { boxes: boxesName, scores: scoresName, classAxis } = this.#names;
    const { shape } = outputs[scoresName]!;
    const [classes, anchors] = [shape[classAxis]!, shape[3 - classAxis]!];
    const [classStep, anchorStep] = classAxis === 1 ? [anchors, 1] : [1, classes];
    const size = classes * anchors;
    const scores = floatsOf(outputs[scoresName]!).subarray(row * size, (row + 1) * size);
    const boxes = floatsOf(outputs[boxesName]!).subarray(row * anchors * BOX, (row + 1) * anchors * BOX);
    const found: Candidate[] = [];
    let least = threshold;
    for (let label = 0; label < classes; label += 1) {
      if (label === this.#background) continue;
      for (let anchor = 0; anchor < anchors; anchor += 1) {
        const score = scores[label * classStep + anchor * anchorStep]!;
        if (!(score > least)) continue;
        const [left, top, right, bottom] = cornersAt(this.#form, boxes, anchor * BOX);
        found.push({ left, top, right, bottom, score, label });
        if (found.length < 2 * MOST_CANDIDATES) continue;
        found.sort((one, other) => other.score - one.score).length = MOST_CANDIDATES;
        least = found.at(-1)!.score;
      }
    }
    return found;
  }
}
