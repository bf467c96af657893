/**
 * How a model's outputs become detections: the `detection` block of a manifest. Its members are explained in
 * model.schema.json.
 */
export interface DetectionOptions {
  readonly head: 'yolov5' | 'yolov8' | 'boxes' | 'detr' | 'class-scores';
  /** Names of the outputs. A single output that has everything is `boxes`. */
  readonly outputs?: { readonly boxes: string; readonly scores?: string; readonly labels?: string };
  readonly activation?: 'softmax' | 'sigmoid';
  readonly form?: BoxForm;
  readonly coordinates?: 'pixels' | 'relative';
  readonly scoreThreshold?: number;
  readonly overlapThreshold?: number;
  readonly maxDetections?: number;
}

/**
 * What the four numbers of a box are: left, top, right, bottom; the same with y first, as in TensorFlow; the centre,
 * width and height; or left, top, width, height.
 */
export type BoxForm = 'corners' | 'corners-yx' | 'centre' | 'corner-size';

/** A `detection` block does not fit its model. The message says why and what to do. */
export class DetectionOptionsError extends Error {
  override readonly name = 'DetectionOptionsError';
}
