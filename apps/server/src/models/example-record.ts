import type { ModelVersion } from '#engine';

/** A record to try the model with: the manifest's first example, else one made of the features' own examples. */
export function exampleRecord(model: ModelVersion): Readonly<Record<string, unknown>> | undefined {
  const [first] = model.manifest.examples ?? [];
  if (first !== undefined) return first;
  const needed = model.features.filter((feature) => feature.example !== undefined || feature.default === undefined);
  if (needed.length === 0 || needed.some(({ example }) => example === undefined)) return undefined;
  return Object.fromEntries(needed.map(({ name, example }) => [name, example]));
}
