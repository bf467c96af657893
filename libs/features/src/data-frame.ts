import type { Tensor } from '#tensor';
import { type Column, type Field, isObject, type JsonObject } from './column.ts';
import { clip, describe, type Findings } from './findings.ts';

/**
 * A table as pandas' `to_dict()` and `to_json()` write it: column → index label → value. Every column must have the
 * labels of the first one, in their order.
 */
export class DataFrame {
  /** The index labels, one a row, in the order of the first column. */
  readonly labels: readonly string[];
  readonly #columns: JsonObject;
  readonly #first: string;

  /** @param first the name of the first column, whose value is an object */
  constructor(columns: JsonObject, first: string) {
    this.#columns = columns;
    this.#first = first;
    this.labels = Object.keys(columns[first] as JsonObject);
  }

  /** Writes a column's values, or what stands for them; false if the table has no such column. */
  fill(column: Column, tensors: readonly Tensor[], findings: Findings): boolean {
    const cells = column.pick(this.#columns);
    const { labels } = this;
    if (cells === undefined) {
      if (!column.optional) findings.issue(undefined, column.name, 'is missing');
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
    if (cells === undefined) findings.issue(undefined, field.name, 'is missing');
    else this.#isAligned(cells, field, findings);
    return cells !== undefined;
  }

  /** A column's values; it has been checked. */
  list(field: Field): unknown[] {
    const cells = field.pick(this.#columns) as JsonObject;
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
    if (name === this.#first) return true;
    const { labels } = this;
    const own = Object.keys(cells);
    let same = 0;
    while (same < labels.length && own[same] === labels[same]) same += 1;
    if (same === labels.length && own.length === same) return true;
    findings.issue(undefined, name, findings.listing ? this.#difference(cells, own, same) : '');
    return false;
  }

  #difference(cells: JsonObject, own: readonly string[], same: number): string {
    const first = clip(this.#first);
    const lacking = this.labels.find((label) => !Object.hasOwn(cells, label));
    if (lacking !== undefined) return `has no value at the index label "${clip(lacking)}", which ${first} has`;
    const wanted = new Set(this.labels);
    const strange = own.find((label) => !wanted.has(label));
    if (strange !== undefined) return `has the index label "${clip(strange)}", which ${first} has not`;
    return `has the index label "${clip(own[same]!)}" where ${first} has "${clip(this.labels[same]!)}": the order differs`;
  }
}
