import type { Frame, Size, Tensors } from '#tensor';
import type { DetectionOptions } from './detection-options.ts';
import type { Candidate, Head } from './heads/head.ts';
import { type Box, placed, unplaced } from './place.ts';
import { suppressed } from './suppress.ts';

/** An object in a picture. */
export interface Detection {
  readonly label: string;
  readonly score: number;
  readonly box: Box;
}

/** A caller's options, which override the model's manifest. */
export interface DetectionWish {
  readonly scoreThreshold?: number | undefined;
  readonly overlapThreshold?: number | undefined;
}

export interface Detected {
  /** The highest score first. */
  readonly detections: readonly Detection[];
  /** How many boxes were dropped because they are not finite. */
  readonly lost: number;
}

const SCORE_THRESHOLD = 0.25;
const MAX_DETECTIONS = 300;
/** The defaults of the models' own packages. A model without one returns each object once. */
const OVERLAP_THRESHOLDS = {
  yolov5: 0.45,
  yolov8: 0.7,
  boxes: undefined,
  detr: undefined,
  'class-scores': 0.45,
} as const;

/** Reads the objects of pictures from a model's outputs. Created once per model. */
export class Detector {
  readonly #head: Head;
  readonly #options: DetectionOptions;
  readonly #labels: readonly (string | number)[];

  /** @param labels by index; the index is the label of an object without one */
  constructor(head: Head, options: DetectionOptions, labels: readonly (string | number)[] = []) {
    this.#head = head;
    this.#options = options;
    this.#labels = labels;
  }

  /** The outputs that it reads. */
  get outputs(): readonly string[] {
    return this.#head.outputs;
  }

  /** Whether they have a first dimension for pictures; without one, a run takes one picture. */
  get hasRows(): boolean {
    return this.#head.hasRows;
  }

  /** Its options, with the defaults. */
  get options(): DetectionOptions {
    const { head, scoreThreshold = SCORE_THRESHOLD, maxDetections = MAX_DETECTIONS } = this.#options;
    const overlapThreshold = this.#options.overlapThreshold ?? OVERLAP_THRESHOLDS[head];
    const overlap = overlapThreshold !== undefined && { overlapThreshold };
    const coordinates = head === 'detr' && ({ coordinates: 'relative' } as const);
    return { ...coordinates, ...this.#options, scoreThreshold, ...overlap, maxDetections };
  }

  /**
   * The objects of one picture.
   *
   * @param frame the place of the picture in the tensor; without it, boxes have the model's coordinates
   */
  detect(outputs: Tensors, row: number, frame: Frame | undefined, wish: DetectionWish = {}): Detected {
    const { options } = this;
    const threshold = wish.scoreThreshold ?? options.scoreThreshold!;
    const all = this.#head.candidates(outputs, row, threshold);
    const finite = all.filter(isWhole);
    const isRelative = options.coordinates === 'relative';
    const candidates = isRelative && frame !== undefined ? finite.map((one) => inPixels(one, frame.field)) : finite;
    const best = suppressed(candidates, options.maxDetections!, wish.overlapThreshold ?? options.overlapThreshold);
    const detections = best.map((one) => ({
      label: String(this.#labels[one.label] ?? one.label),
      score: one.score,
      box: frame === undefined ? unplaced(one, isRelative) : placed(one, frame),
    }));
    return { detections, lost: all.length - finite.length };
  }
}

const isWhole = ({ left, top, right, bottom, score }: Candidate): boolean =>
  [left, top, right, bottom, score].every(Number.isFinite);

function inPixels({ left, top, right, bottom, ...said }: Candidate, { width, height }: Size): Candidate {
  return { ...said, left: left * width, top: top * height, right: right * width, bottom: bottom * height };
}
