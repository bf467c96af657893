import { type ModelVersion, UNSERVED } from '#engine';
import { listed } from '#errors';
import type { FoundModel } from '#models';
import { operatorsByValue } from '#onnx';

/** What a model could do better, or cannot do as it is, and what to do about it: a sentence each. */
export function warningsOf(model: ModelVersion, { manifest, name }: FoundModel): readonly string[] {
  const { unservedOutputs, rows, features, writer, source, manifest: said } = model;
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
  if (manifest === undefined)
    warnings.push(`There is no model.json: \`nestor init\` writes one, with names, ranges and examples of ${name}.`);
  else if (model.images === undefined && said.examples === undefined && features.some(withoutExample))
    warnings.push('model.json holds no example: the documentation cannot show one, and the warm-up makes rows up.');
  const { classes } = writer.choice;
  if (classes !== undefined && (classes.labels ?? []).every((label, index) => label === index))
    warnings.push(
      `The columns of ${classes.spec.name} have no names: list the classes in their order as "labels" in model.json.`,
    );
  if (classes?.kind === 'scores')
    warnings.push(
      `Nothing shows that the values of ${classes.spec.name} are probabilities: they are answered as "scores". If they are ` +
        'logits, say so in model.json: {"outputs": {"probabilities": {"from": …, "activation": "softmax"}}}.',
    );
  return warnings;
}

function withoutExample({ example }: { readonly example?: unknown }): boolean {
  return example === undefined;
}
