import { TextOptionsError } from './text-options.ts';

/**
 * The labels that config.json has, in the order of their numbers.
 * @throws TextOptionsError where the numbers are not 0, 1, 2, …
 */
export function labelsOf(config: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  const { id2label, num_labels: count } = config;
  if (typeof id2label !== 'object' || id2label === null)
    return typeof count === 'number' ? Array.from({ length: count }, (_, id) => `LABEL_${id}`) : undefined;
  const entries = Object.entries(id2label as Record<string, unknown>);
  const labels = entries.map((_, id) => (id2label as Record<string, unknown>)[String(id)]);
  if (labels.some((label) => typeof label !== 'string'))
    throw new TextOptionsError('"id2label" of config.json does not name the labels 0, 1, 2, … one after the other.');
  return labels as string[];
}
