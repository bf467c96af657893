import type { DetectionWish } from '#detections';

/** What the caller wants of an answer, in place of what the model's manifest says. */
export interface AnswerWish extends DetectionWish {
  /** How many classes of a row are answered, the highest first; all of them without it, in their order. */
  readonly top?: number | undefined;
}
