import { type ModelVersion, UNSERVED } from '#engine';
import { listed } from '#errors';
import type { FoundModel } from '#models';
import { dynamicQuantisation, operatorsByValue } from '#onnx';
import { warningsOfClasses } from './class-warnings.ts';

/** What a model could do better, or cannot do as it is, and what to do about it: a sentence each. */
export function warningsOf(model: ModelVersion, { manifest, name }: FoundModel): readonly string[] {
  const { unservedOutputs, rows, features, source, manifest: said } = model;
  const warnings: string[] = [];
  for (const output of unservedOutputs) {
    warnings.push(`The output ${output} is not served. ${UNSERVED}`);
  }
  const costly = operatorsByValue(source.file);
  if (costly.length > 0)
    warnings.push(
      `What ${listed(costly)} costs follows the values of inputs, not only their shapes: one request may take any time and all memory. ` +
        'Give the features that lead there a "range" in model.json.',
    );
  if (rows.kind !== 'independent') warnings.push(`${rows.reason} Requests do not share runs, which costs throughput.`);
  const dynamic = dynamicQuantisation(source.file);
  if (dynamic.length > 0)
    warnings.push(
      `${listed(dynamic)} works out the scales of activations in each run, from all rows in it. Static quantisation fixes them ` +
        'once, so that a run costs less and rows may share it: quantize_static of onnxruntime.quantization, with rows to calibrate.',
    );
  // Of these, the file has all that a manifest would say.
  const needsNone = model.detector !== undefined || model.text !== undefined;
  if (manifest === undefined && !needsNone)
    warnings.push(`There is no model.json: \`nestor init\` writes one, with names, ranges and examples of ${name}.`);
  else if (model.images === undefined && said.examples === undefined && features.some(withoutExample))
    warnings.push('model.json holds no example: the documentation cannot show one, and the warm-up makes rows up.');
  warnings.push(...warningsOfClasses(model));
  return warnings;
}

function withoutExample({ example }: { readonly example?: unknown }): boolean {
  return example === undefined;
}
