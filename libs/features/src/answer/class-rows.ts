import type { Tensor, Tensors } from '#tensor';
import { Findings } from '../findings.ts';
import type { AskedRows } from '../rows.ts';
import type { AnswerWish } from './answer-wish.ts';
import { classTable, tableDatatype } from './class-table.ts';
import { cellReader, type Label, type ReadCell } from './output-cells.ts';
import type { ClassOutput } from './output-member.ts';
import type { OutputRows } from './output-rows.ts';

/** Label → its value. */
export type ClassValues = Record<string, number | null>;

/** The rows of an output [N, classes], each as label → value. The key of a class without a label is its index. */
export class ClassRows implements OutputRows<ClassValues> {
  /** The keys of the classes; empty if neither labels nor the signature give their number. */
  readonly keys: readonly string[];
  readonly #output: ClassOutput;
  readonly #read: ReadCell;
  readonly #labels: readonly Label[];
  readonly #members: string[] = [];
  /** By output, since the prediction and the classes use the same table. */
  readonly #tables = new WeakMap<Tensor, Tensor>();

  constructor(output: ClassOutput) {
    const { spec, labels = [] } = output;
    const columns = Math.max(0, spec.shape[1]!);
    this.keys = labels.length > 0 ? labels.map(String) : Array.from({ length: columns }, (_, index) => String(index));
    this.#output = output;
    this.#read = cellReader(spec.name, tableDatatype(spec.datatype, output));
    this.#labels = labels;
  }

  get name(): string {
    return this.#output.spec.name;
  }

  label(index: number): Label {
    return this.#labels[index] ?? index;
  }

  /** The tensor [N, classes] with the values of the answer. */
  table(outputs: Tensors): Tensor {
    const output = outputs[this.name]!;
    const table = this.#tables.get(output) ?? classTable(output, this.#output);
    if (table !== output) this.#tables.set(output, table);
    return table;
  }

  /** A value of the table. */
  value(table: Tensor, row: number, index: number, findings: Findings): number | null {
    return this.#read(table.data, row * table.shape[1]! + index, row, findings) as number | null;
  }

  values(outputs: Tensors, { count }: AskedRows, findings: Findings): ClassValues[] {
    const table = this.table(outputs);
    return Array.from({ length: count }, (_, row) =>
      // fromEntries, because a label may be "__proto__".
      Object.fromEntries(
        Array.from({ length: table.shape[1]! }, (_, index): [string, number | null] => [
          String(this.label(index)),
          this.value(table, row, index, findings),
        ]),
      ),
    );
  }

  /** The value of each row's prediction; null if the prediction is not a class. */
  of(predictions: readonly unknown[], outputs: Tensors, findings: Findings): (number | null)[] {
    const table = this.table(outputs);
    const places = new Map(Array.from({ length: table.shape[1]! }, (_, index) => [String(this.label(index)), index]));
    return predictions.map((prediction, row) => {
      const index = places.get(String(prediction));
      return index === undefined ? null : this.value(table, row, index, findings);
    });
  }

  json(outputs: Tensors, { count: rows }: AskedRows, findings: Findings, { top }: AnswerWish = {}): string {
    const table = this.table(outputs);
    const classes = table.shape[1]!;
    for (let index = this.#members.length; index < classes; index += 1)
      this.#members.push(`${JSON.stringify(String(this.label(index)))}:`);
    if (top !== undefined) return this.#topJson(table, rows, findings, top);
    let text = '[';
    for (let row = 0; row < rows; row += 1) {
      text += row > 0 ? ',{' : '{';
      for (let index = 0; index < classes; index += 1) {
        if (index > 0) text += ',';
        text += this.#members[index]! + String(this.#read(table.data, row * classes + index, row, findings));
      }
      text += '}';
    }
    return `${text}]`;
  }

  #topJson(table: Tensor, rows: number, findings: Findings, top: number): string {
    const classes = table.shape[1]!;
    const unheard = new Findings();
    const texts = Array.from({ length: rows }, (_, row) => {
      const ranks = Array.from({ length: classes }, (_class, at) => this.value(table, row, at, unheard) ?? -Infinity);
      // Equal values stay in the order of the classes.
      const highest = [...ranks.keys()].sort((a, b) => (ranks[a] === ranks[b] ? 0 : ranks[b]! - ranks[a]!));
      const members = highest
        .slice(0, top)
        .map((index) => this.#members[index]! + String(this.value(table, row, index, findings)));
      return `{${members.join(',')}}`;
    });
    return `[${texts.join(',')}]`;
  }
}
