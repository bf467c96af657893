import type { DetectionWish } from '#detections';

/** A caller's options for one answer, which override the model's manifest. */
export interface AnswerWish extends DetectionWish {
  /** How many classes of a row to return, the highest first; by default all, in their order. */
  readonly top?: number | undefined;
}
