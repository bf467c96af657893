import { recordOf } from '#csv';
import type { Detection } from '#detections';
import type { Label } from '#labelling';

/** An object's columns, after the name of its picture. */
export const DETECTION_COLUMNS = ['label', 'score', 'x', 'y', 'width', 'height'] as const;

const NOTHING = ','.repeat(DETECTION_COLUMNS.length - 1);

/** The cells of these columns, one line per object; one line of empty cells if there is none. */
export function detectionCells(label: Label | undefined): readonly string[] {
  const detections = (label?.['detections'] ?? []) as readonly Detection[];
  if (detections.length === 0) return [NOTHING];
  return detections.map(({ label: name, score, box: { x, y, width, height } }) =>
    recordOf([name, score, x, y, width, height]),
  );
}
