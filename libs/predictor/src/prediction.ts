import type { Predictions, Warning } from '#features';

/** Something unusual about a value of a row. */
export type RowWarning = Omit<Warning, 'row'>;

/** A model's answer for one row. `nestor types` adds the model's further outputs to the type. */
export interface Prediction<Value = unknown> {
  readonly prediction: Value;
  /** The probability of each class, for classifiers; null if the model's value is not finite. */
  readonly probabilities?: Readonly<Record<string, number | null>>;
  /** The score of each class, if the model's values are not probabilities; a number if the output has one column. */
  readonly scores?: Readonly<Record<string, number | null>> | number | null;
  /** What is unusual about the row; the model answered anyway. */
  readonly warnings?: readonly RowWarning[];
}

/** The answers of a request, one for each row. */
export function predictionsOf({ warnings, ...members }: Predictions): Prediction[] {
  const entries = Object.entries(members) as [string, readonly unknown[]][];
  const byRow = warnings.length === 0 ? undefined : Map.groupBy(warnings, ({ row }) => row);
  // The prediction, or the detections in its place, come first.
  const [, first] = entries[0]!;
  return first.map((_, row) => {
    const ofRow = byRow && [...(byRow.get(undefined) ?? []), ...(byRow.get(row) ?? [])];
    // An output without rows belongs to every row.
    const values = entries.map(([key, items]) => [key, items[items.length === 1 ? 0 : row]]);
    return {
      ...(Object.fromEntries(values) as Pick<Prediction, 'prediction'>),
      ...(ofRow !== undefined && ofRow.length > 0 && { warnings: ofRow.map(withoutRow) }),
    };
  });
}

/** Drops the row's number: the answer is the row's own. */
function withoutRow({ field, detail }: Warning): RowWarning {
  return { field, detail: detail.replace(/^row \d+: /, '') };
}
