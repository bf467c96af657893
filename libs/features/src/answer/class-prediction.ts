import type { Tensor, Tensors } from '#tensor';
import { Findings } from '../findings.ts';
import type { AskedRows } from '../rows.ts';
import type { ClassRows } from './class-rows.ts';
import { type Label, literal } from './output-cells.ts';
import type { OutputRows } from './output-rows.ts';

/** Predictions that no output has, derived from the values of the classes. */
abstract class FromClasses<T extends Label | null | readonly Label[]> implements OutputRows<T> {
  protected readonly classes: ClassRows;

  constructor(classes: ClassRows) {
    this.classes = classes;
  }

  values(outputs: Tensors, { count }: AskedRows, findings: Findings): T[] {
    const table = this.classes.table(outputs);
    // The answer also has the values themselves, whose member adds the warnings.
    const unheard = new Findings();
    return Array.from({ length: count }, (_, row) => {
      const values = Array.from({ length: table.shape[1]! }, (_class, at) => this.value(table, row, at, unheard));
      return this.of(values, row, findings);
    });
  }

  json(outputs: Tensors, rows: AskedRows, findings: Findings): string {
    const text = (value: Label | null | readonly Label[]): string =>
      typeof value === 'object' && value !== null ? `[${value.map(literal).join(',')}]` : literal(value);
    return `[${this.values(outputs, rows, findings).map(text).join(',')}]`;
  }

  protected abstract of(values: readonly number[], row: number, findings: Findings): T;

  private value(table: Tensor, row: number, at: number, unheard: Findings): number {
    return this.classes.value(table, row, at, unheard) ?? -Infinity;
  }

  protected lost(row: number, findings: Findings): null {
    findings.warn(row, this.classes.name, 'holds no finite number, and the prediction is answered as null');
    return null;
  }
}

/** The label of the highest value of each row, the first of equals; null for a row without a finite one. */
export class HighestClass extends FromClasses<Label | null> {
  protected of(values: readonly number[], row: number, findings: Findings): Label | null {
    let best = -1;
    for (const [index, value] of values.entries()) if (value > (values[best] ?? -Infinity)) best = index;
    return best < 0 ? this.lost(row, findings) : this.classes.label(best);
  }
}

/** The second of two classes if its probability reaches the threshold, else the first; null if it is not finite. */
export class SecondFromThreshold extends FromClasses<Label | null> {
  readonly #threshold: number;

  constructor(classes: ClassRows, threshold: number) {
    super(classes);
    this.#threshold = threshold;
  }

  protected of(values: readonly number[], row: number, findings: Findings): Label | null {
    if (values[1] === -Infinity) return this.lost(row, findings);
    return this.classes.label(values[1]! >= this.#threshold ? 1 : 0);
  }
}

/** All labels whose probability reaches the threshold, in the order of the classes. */
export class LabelsFromThreshold extends FromClasses<readonly Label[]> {
  readonly #threshold: number;

  constructor(classes: ClassRows, threshold: number) {
    super(classes);
    this.#threshold = threshold;
  }

  protected of(values: readonly number[]): readonly Label[] {
    return values.flatMap((value, index) => (value >= this.#threshold ? [this.classes.label(index)] : []));
  }
}
