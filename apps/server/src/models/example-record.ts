import type { ModelVersion } from '#engine';

/** A record to try the model with: the manifest's first example, else one made of the features' own examples. */
export function exampleRecord(model: ModelVersion): Readonly<Record<string, unknown>> | undefined {
  const [first] = model.manifest.examples ?? [];
  if (first !== undefined) return first;
  const { features } = model;
  if (features.length === 0 || features.some(({ example }) => example === undefined)) return undefined;
  return Object.fromEntries(features.map(({ name, example }) => [name, example]));
}
