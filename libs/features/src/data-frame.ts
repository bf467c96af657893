import { clip, quote } from '#errors';
import type { Tensor } from '#tensor';
import type { Column, Field } from './column.ts';
import { describe, type Findings } from './findings.ts';
import { firstColumn, standInOrder } from './first-column.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** A whole number as a name: JavaScript sorts such keys by number, before all others. */
const WHOLE_NUMBER = /^\d+$/;

/**
 * A table as pandas' `to_dict()` and `to_json()` write it: column → index label → value. Every column must have the
 * labels of the first one; as in pandas, values belong together by their labels.
 */
export class DataFrame {
  /** The index labels, one a row, in the order of the first column. */
  readonly labels: readonly string[];
  readonly #columns: JsonObject;
  readonly #first: string;

  /**
   * @param first the name of the first column, whose value is an object
   * @param text the JSON that the table was parsed from, since only the text keeps the order of labels that are numbers
   */
  constructor(columns: JsonObject, first: string, text: string | undefined) {
    this.#columns = columns;
    const labels = Object.keys(columns[first] as JsonObject);
    const areColumnsSorted = WHOLE_NUMBER.test(first);
    const isSorted = labels.length > 1 && (areColumnsSorted || WHOLE_NUMBER.test(labels[0]!));
    const inText =
      isSorted && text !== undefined && (areColumnsSorted || !standInOrder(text, labels))
        ? firstColumn(text)
        : undefined;
    const isTable = inText !== undefined && isObject(columns[inText.name]);
    ({ name: this.#first, labels: this.labels } = isTable ? inText : { name: first, labels });
  }

  /** Writes a column's values or their defaults; false if the table has no such column. */
  fill(column: Column, tensors: readonly Tensor[], findings: Findings): boolean {
    const cells = column.pick(this.#columns);
    const { labels } = this;
    if (cells === undefined) {
      if (!column.hasDefault) column.reportAbsence(findings);
      else for (let row = 0; row < labels.length; row += 1) column.writeAbsent(tensors, row, findings);
      return false;
    }
    if (this.#isAligned(cells, column, findings)) {
      for (let row = 0; row < labels.length; row += 1) column.write(tensors, row, cells[labels[row]!], findings);
    }
    return true;
  }

  /** Checks that the table has a column, with the right labels; false if there is no such column. */
  check(field: Field, findings: Findings): boolean {
    const cells = field.pick(this.#columns);
    if (cells === undefined) {
      if (!field.hasDefault) field.reportAbsence(findings);
    } else this.#isAligned(cells, field, findings);
    return cells !== undefined;
  }

  /** The values of a checked column. Without such a column, no row has a value. */
  list(field: Field): unknown[] {
    const cells = (field.pick(this.#columns) ?? {}) as JsonObject;
    return this.labels.map((label) => cells[label]);
  }

  #isAligned(cells: unknown, { name }: Field, findings: Findings): cells is JsonObject {
    if (!isObject(cells)) {
      findings.issue(
        undefined,
        name,
        `is ${describe(cells)}; in a DataFrame dict each column is an object of index label → value`,
      );
      return false;
    }
    const { labels } = this;
    const own = Object.keys(cells);
    if (own.length === labels.length && labels.every((label) => Object.hasOwn(cells, label))) return true;
    findings.issue(undefined, name, findings.listing ? this.#difference(cells, own) : '');
    return false;
  }

  #difference(cells: JsonObject, own: readonly string[]): string {
    const first = clip(this.#first);
    const lacking = this.labels.find((label) => !Object.hasOwn(cells, label));
    if (lacking !== undefined) return `has no value at the index label ${quote(lacking)}, which ${first} has`;
    const wanted = new Set(this.labels);
    return `has the index label ${quote(own.find((label) => !wanted.has(label))!)}, which ${first} has not`;
  }
}
