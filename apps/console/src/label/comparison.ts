/** How many labels have counts of their own; all others count as "other". */
const KEPT_LABELS = 20;
const OTHER = 'other';

/** How close predictions are to the actual values: errors of numbers, or a confusion matrix of labels. */
export type Verdict =
  | { readonly kind: 'numbers'; readonly rows: number; readonly meanError: number; readonly rootError: number }
  | {
      readonly kind: 'labels';
      readonly rows: number;
      readonly right: number;
      readonly labels: readonly string[];
      /** How many rows of the first label were predicted as the second. */
      readonly count: (actual: string, predicted: string) => number;
    };

/** Compares predictions with the actual values in a file, in bounded memory. */
export class Comparison {
  #rows = 0;
  #right = 0;
  #areNumbers = true;
  #sum = 0;
  #squares = 0;
  readonly #labels = new Set<string>();
  readonly #pairs = new Map<string, number>();

  /** @param isQuantity whether predictions are amounts; labels may look like numbers */
  constructor(isQuantity: boolean) {
    this.#areNumbers = isQuantity;
  }

  /** Adds a row, unless it has no actual value. */
  add(actual: string, predicted: string): void {
    if (actual.trim() === '') return;
    this.#rows += 1;
    const error = Number(predicted) - Number(actual);
    if (Number.isFinite(error)) {
      this.#sum += Math.abs(error);
      this.#squares += error * error;
    } else this.#areNumbers = false;
    const isRight = actual === predicted || error === 0;
    if (isRight) this.#right += 1;
    const key = pairOf(this.#kept(isRight ? predicted : actual), this.#kept(predicted));
    this.#pairs.set(key, (this.#pairs.get(key) ?? 0) + 1);
  }

  verdict(): Verdict | undefined {
    const rows = this.#rows;
    if (rows === 0) return undefined;
    if (this.#areNumbers)
      return { kind: 'numbers', rows, meanError: this.#sum / rows, rootError: Math.sqrt(this.#squares / rows) };
    const count = (actual: string, predicted: string): number => this.#pairs.get(pairOf(actual, predicted)) ?? 0;
    return { kind: 'labels', rows, right: this.#right, labels: [...this.#labels].sort(byLabel.compare), count };
  }

  #kept(label: string): string {
    const kept = this.#labels.has(label) || this.#labels.size < KEPT_LABELS ? label : OTHER;
    this.#labels.add(kept);
    return kept;
  }
}

const pairOf = (actual: string, predicted: string): string => JSON.stringify([actual, predicted]);
const byLabel = new Intl.Collator('en', { numeric: true });
