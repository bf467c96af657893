import { cell, type Value } from '#csv';
import type { Feature, ModelDescription } from '../api/models.ts';

/** Rows to try labelling with: the model's examples, or else one made from the descriptions of the features. */
export function sampleFile({ features, examples = [] }: Pick<ModelDescription, 'features' | 'examples'>): string {
  const columns = features.flatMap(columnsOf);
  const rows = (examples.length > 0 ? examples : [{}]).map((example) =>
    columns.map(({ feature, at }) => cell(valueOf(feature, at, example))),
  );
  return [columns.map(({ name }) => cell(name)), ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

interface Column {
  readonly name: string;
  readonly feature: Feature;
  /** Its position in the only input of a model without column names. */
  readonly at: number | undefined;
}

function columnsOf(feature: Feature): Column[] {
  const { name, shape, byPosition } = feature;
  if (byPosition === true) {
    const count = Math.max(1, shape[0] ?? 1);
    return Array.from({ length: count }, (_, at) => ({ name: count === 1 ? name : `${name}_${at}`, feature, at }));
  }
  // A tensor has no column. It has a default, or this view would not be offered.
  return shape.length > 0 ? [] : [{ name, feature, at: undefined }];
}

function valueOf(feature: Feature, at: number | undefined, example: Readonly<Record<string, unknown>>): Value {
  const known = example[feature.name] ?? feature.example;
  const value = at !== undefined && Array.isArray(known) ? (known as unknown[])[at] : known;
  return (value ?? madeUp(feature)) as Value;
}

function madeUp({ type, range, seen, categories, seenCategories, default: fallback }: Feature): unknown {
  const [choice] = categories ?? seenCategories ?? [];
  if (choice !== undefined) return choice;
  if (fallback !== undefined && !Array.isArray(fallback)) return fallback;
  const [low, high] = range ?? seen ?? [0, 0];
  if (type === 'string') return 'text';
  if (type === 'boolean') return true;
  return type === 'integer' ? Math.round((low + high) / 2) : (low + high) / 2;
}
