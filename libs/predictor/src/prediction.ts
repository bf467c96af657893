import type { Predictions, Warning } from '#features';

/** Something unusual about a value of a row. */
export type RowWarning = Omit<Warning, 'row'>;

/** A model's answer for one row. What else a model answers, `nestor types` adds to the type. */
export interface Prediction<Value = unknown> {
  readonly prediction: Value;
  /** Of each class, for classifiers; null where the model answers no finite number. */
  readonly probabilities?: Readonly<Record<string, number | null>>;
  /** Of each class, where the model's values are no probabilities; a number of an output with one column. */
  readonly scores?: Readonly<Record<string, number | null>> | number | null;
  /** What is unusual about the row and was answered all the same. */
  readonly warnings?: readonly RowWarning[];
}

/** The answers of a request, a row each. */
export function predictionsOf({ warnings, ...members }: Predictions): Prediction[] {
  const entries = Object.entries(members) as [string, readonly unknown[]][];
  const byRow = warnings.length === 0 ? undefined : Map.groupBy(warnings, ({ row }) => row);
  // The prediction, or the detections in its place, come first.
  const [, first] = entries[0]!;
  return first.map((_, row) => {
    const ofRow = byRow && [...(byRow.get(undefined) ?? []), ...(byRow.get(row) ?? [])];
    // What has no rows is that of each.
    const values = entries.map(([key, items]) => [key, items[items.length === 1 ? 0 : row]]);
    return {
      ...(Object.fromEntries(values) as Pick<Prediction, 'prediction'>),
      ...(ofRow !== undefined && ofRow.length > 0 && { warnings: ofRow.map(withoutRow) }),
    };
  });
}

/** Which row it is says the answer that it stands in. */
function withoutRow({ field, detail }: Warning): RowWarning {
  return { field, detail: detail.replace(/^row \d+: /, '') };
}
