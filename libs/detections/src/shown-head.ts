import type { TensorSpec } from '#tensor';
import type { DetectionOptions } from './detection-options.ts';

/** The metadata that exporters of YOLO models write into the file. */
export interface ShownDetector {
  /** The model's task, as Ultralytics' package writes it. The repositories of YOLOv5 and YOLOv9 write none. */
  readonly task: string | undefined;
  /** How many labels there are. */
  readonly classes: number;
  /** Whether the graph suppresses overlaps itself. */
  readonly isSuppressed: boolean;
}

const BOX_SCORE_LABEL = 6;

/** The head, if the exporter's metadata and the shape of the first output leave no doubt. */
export function shownHead(
  { task, classes, isSuppressed }: ShownDetector,
  outputs: readonly TensorSpec[],
): DetectionOptions['head'] | undefined {
  const [, second, third] = outputs[0]?.shape ?? [];
  if (outputs[0]?.shape.length !== 3 || !outputs[0].datatype.startsWith('FP')) return undefined;
  if (task !== undefined && task !== 'detect') return undefined;
  if (isSuppressed) return third === BOX_SCORE_LABEL ? 'boxes' : undefined;
  if (second === classes + 4) return 'yolov8';
  return task === undefined && third === classes + 5 ? 'yolov5' : undefined;
}
