import type { Rows } from '#features';
import type { ModelVersion } from '#models';
import type { Tensors } from '#tensor';

/**
 * The answer to `/predict` as JSON: `prediction` in row order, for classifiers `probabilities`, the model that answered,
 * and `warnings` where there are any.
 */
export function answerJson(model: ModelVersion, rows: Rows, outputs: Tensors): string {
  const members = model.writer.json(outputs, rows.count);
  const warnings = rows.warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(rows.warnings)}`;
  return `{${members},"model":{"name":${JSON.stringify(model.name)},"version":"${model.version}"}${warnings}}`;
}
