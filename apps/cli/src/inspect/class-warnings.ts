import type { ModelVersion } from '#engine';
import { linearOutputs } from '#onnx';

type Inspected = Pick<ModelVersion, 'writer' | 'source' | 'signature' | 'manifest'>;

/** Warns of classes without names, and of values that may not be probabilities. */
export function warningsOfClasses(model: Inspected): readonly string[] {
  const { writer } = model;
  const { classes } = writer.choice;
  const warnings: string[] = [];
  if (classes !== undefined && writer.classifies && (classes.labels ?? []).every((label, index) => label === index))
    warnings.push(
      `The columns of ${classes.spec.name} have no names. List the classes as "labels" in model.json, in the order of the columns.`,
    );
  const logits = possibleLogits(model);
  for (const name of logits)
    warnings.push(
      `The output ${name} ends in a linear layer without an activation. If its columns are classes, their values are logits: ` +
        `export with Softmax, or add "labels" and {"outputs": {"probabilities": {"from": "${name}", "activation": "softmax"}}} to ` +
        'model.json, with "sigmoid" if a row can have several classes.',
    );
  if (classes?.kind === 'scores' && !logits.includes(classes.spec.name))
    warnings.push(
      `Nothing shows that the values of ${classes.spec.name} are probabilities, so the response has them as "scores". If they ` +
        `are probabilities, say so in model.json: {"outputs": {"probabilities": "${classes.spec.name}"}}.`,
    );
  return warnings;
}

/** Outputs of several columns that may be logits, except those that the manifest describes. */
function possibleLogits({ source, signature, manifest }: Inspected): readonly string[] {
  const said = Object.values(manifest.outputs ?? {}).map((output) =>
    typeof output === 'string' ? output : output.from,
  );
  const isRegression = manifest.task === 'regression';
  return linearOutputs(source.file).filter((name) => {
    const shape = signature.outputs.find((output) => output.name === name)?.shape ?? [];
    return shape.length === 2 && shape[1] !== 1 && !isRegression && !said.includes(name);
  });
}
