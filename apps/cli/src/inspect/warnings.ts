import { type ModelVersion, UNSERVED } from '#engine';
import { listed } from '#errors';
import type { FoundModel } from '#models';
import { dynamicQuantisation, operatorsByValue } from '#onnx';
import { warningsOfClasses } from './class-warnings.ts';

/** Says what limits a model, and what to do about it. */
export function warningsOf(model: ModelVersion, { manifest, name }: FoundModel): readonly string[] {
  const { unservedOutputs, rows, features, source, manifest: said } = model;
  const warnings: string[] = [];
  for (const output of unservedOutputs) {
    warnings.push(`The output ${output} is not served. ${UNSERVED}`);
  }
  const costly = operatorsByValue(source.file);
  if (costly.length > 0)
    warnings.push(
      `The cost of ${listed(costly)} depends on the values of inputs, not only on their shapes: one request can take any amount of time and memory. ` +
        'Give the features that feed it a "range" in model.json.',
    );
  if (rows.kind !== 'independent') warnings.push(`${rows.reason} Requests do not share runs, which costs throughput.`);
  const dynamic = dynamicQuantisation(source.file);
  if (dynamic.length > 0)
    warnings.push(
      `${listed(dynamic)} computes the scales of activations from all rows of a run. Static quantisation fixes the scales ` +
        'once, so that runs are faster and requests can share them: use quantize_static of onnxruntime.quantization with rows for calibration.',
    );
  // The files of a detector or a text model say everything that a manifest would.
  const needsNone = model.detector !== undefined || model.text !== undefined;
  if (manifest === undefined && !needsNone)
    warnings.push(`There is no model.json: \`nestor init\` writes one, with names, ranges and examples of ${name}.`);
  else if (model.images === undefined && said.examples === undefined && features.some(withoutExample))
    warnings.push('model.json has no example: the API documentation cannot show one, and the warm-up makes up rows.');
  warnings.push(...warningsOfClasses(model));
  return warnings;
}

function withoutExample({ example }: { readonly example?: unknown }): boolean {
  return example === undefined;
}
