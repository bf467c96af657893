import type { AnswerWish, Rows, Warning } from '#features';
import type { ModelVersion } from '#engine';
import type { Tensors } from '#tensor';

/**
 * The response to `/predict` as JSON: `prediction` in row order, `probabilities` for classifiers, `model`, and any
 * `warnings`.
 */
export function answerJson(model: ModelVersion, rows: Rows, outputs: Tensors, wish: AnswerWish): string {
  const ofOutputs: Warning[] = [];
  const members = model.writer.json(outputs, rows, ofOutputs, wish);
  const found = rows.warnings.length + ofOutputs.length;
  const warnings = found === 0 ? '' : `,"warnings":${JSON.stringify([...rows.warnings, ...ofOutputs])}`;
  return `{${members},"model":{"name":"${model.name}","version":"${model.version}"}${warnings}}`;
}
