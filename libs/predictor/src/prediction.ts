import type { Predictions, Warning } from '#features';

/** Something unusual about a value of a row. */
export type RowWarning = Omit<Warning, 'row'>;

/** A model's answer for one row. */
export interface Prediction<Value = unknown> {
  readonly prediction: Value;
  /** Of each class, for classifiers; null where the model answers no finite number. */
  readonly probabilities?: Readonly<Record<string, number | null>>;
  /** What is unusual about the row and was answered all the same. */
  readonly warnings?: readonly RowWarning[];
}

/** The answers of a request, a row each. */
export function predictionsOf({ prediction, probabilities, warnings }: Predictions): Prediction[] {
  const byRow = warnings.length === 0 ? undefined : Map.groupBy(warnings, ({ row }) => row);
  return prediction.map((value, row) => {
    const ofRow = byRow && [...(byRow.get(undefined) ?? []), ...(byRow.get(row) ?? [])];
    return {
      prediction: value,
      ...(probabilities && { probabilities: probabilities[row]! }),
      ...(ofRow !== undefined && ofRow.length > 0 && { warnings: ofRow.map(withoutRow) }),
    };
  });
}

/** Which row it is says the answer that it stands in. */
function withoutRow({ field, detail }: Warning): RowWarning {
  return { field, detail: detail.replace(/^row \d+: /, '') };
}
