import type { Detection, Detector } from '#detections';
import type { Tensors } from '#tensor';
import type { Findings } from '../findings.ts';
import type { AskedRows } from '../rows.ts';
import type { AnswerWish } from './answer-wish.ts';
import type { OutputRows } from './output-rows.ts';
import { shortestFloat32 } from './shortest.ts';

/** The objects of each picture, the highest score first, in the pixels of the sent picture. */
export class DetectionRows implements OutputRows<readonly Detection[]> {
  readonly #detector: Detector;

  constructor(detector: Detector) {
    this.#detector = detector;
  }

  values(outputs: Tensors, { count, frames }: AskedRows, findings: Findings, wish?: AnswerWish): Detection[][] {
    return Array.from({ length: count }, (_, row) => {
      const { detections, lost } = this.#detector.detect(outputs, row, frames?.[row], wish);
      if (lost > 0) findings.warn(row, 'detections', `has ${lost} without a finite box, which are left out`);
      return detections.map(({ score, ...said }) => ({ ...said, score: shortestFloat32(Math.fround(score)) }));
    });
  }

  json(outputs: Tensors, rows: AskedRows, findings: Findings, wish?: AnswerWish): string {
    return JSON.stringify(this.values(outputs, rows, findings, wish));
  }
}
