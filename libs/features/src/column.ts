import { isMissingNumber } from '#csv';
import type { Datatype, Tensor, TensorData } from '#tensor';
import type { Element } from './element.ts';
import { elementOf } from './element-of.ts';
import type { Feature } from './feature.ts';
import { fillingOf } from './filling.ts';
import type { Findings } from './findings.ts';
import type { JsonObject } from './json-object.ts';

const NO_COLUMN =
  'has no column. Missing values are empty cells (null in JSON): send the column, or give the feature a default';

/** A feature with its place among the tensors of a request. */
export abstract class Field {
  readonly feature: Feature;
  readonly name: string;
  /** Which of the model's inputs it feeds. */
  readonly slot: number;
  readonly #inherited: boolean;

  constructor(feature: Feature, slot: number) {
    this.feature = feature;
    this.name = feature.name;
    this.slot = slot;
    this.#inherited = this.name in Object.prototype;
  }

  /** Whether a table may lack its column. */
  get hasDefault(): boolean {
    return this.feature.default !== undefined;
  }

  /** Notes that a table lacks its column. */
  reportAbsence(findings: Findings): void {
    findings.issue(undefined, this.name, this.feature.missing === true ? NO_COLUMN : 'is missing');
  }

  /** A record's own value for this feature; undefined if it has none. */
  pick(record: JsonObject): unknown {
    return this.#inherited && !Object.hasOwn(record, this.name) ? undefined : record[this.name];
  }
}

/** Where a scalar feature's values are. */
interface ColumnPlace {
  readonly slot: number;
  readonly datatype: Datatype;
  /** Its place among the columns of its tensor. */
  readonly offset: number;
  /** How many columns the tensor has. */
  readonly stride: number;
}

/** A scalar feature: one column of the tensor that it feeds. */
export class Column extends Field {
  readonly #element: Element;
  readonly #offset: number;
  readonly #stride: number;
  /** The default, as its tensor stores it. */
  readonly #filling: TensorData[number] | undefined;

  constructor(feature: Feature, { slot, datatype, offset, stride }: ColumnPlace) {
    super(feature, slot);
    this.#element = elementOf(feature, datatype);
    this.#filling = fillingOf(feature, this.#element, datatype);
    this.#offset = offset;
    this.#stride = stride;
  }

  /** Writes a value. Null is the default of a feature that has one and cannot be missing. */
  write(tensors: readonly Tensor[], row: number, value: unknown, findings: Findings): void {
    const at = row * this.#stride + this.#offset;
    if (value === null && this.hasDefault && this.feature.missing !== true) this.writeAbsent(tensors, row, findings);
    else this.#element.write(tensors[this.slot]!.data, at, value, row, findings);
  }

  /** The value of rows without one. */
  writeAbsent(tensors: readonly Tensor[], row: number, findings: Findings): void {
    const at = row * this.#stride + this.#offset;
    if (this.hasDefault) (tensors[this.slot]!.data as unknown[])[at] = this.#filling;
    else if (this.feature.missing === true) this.write(tensors, row, null, findings);
    else findings.issue(row, this.name, 'is missing');
  }

  /** Like `writeCell`, for a cell inside a text. */
  writePart(tensors: readonly Tensor[], row: number, text: string, from: number, to: number, findings: Findings): void {
    const value = this.#element.parsePlain(text, from, to);
    if (Number.isNaN(value)) this.writeCell(tensors, row, text.slice(from, to), findings);
    else this.write(tensors, row, value, findings);
  }

  /**
   * An empty cell, or a word for a missing number, is a missing value if the feature allows one. Otherwise an empty cell means
   * the default; for a text feature without a default it is an empty text.
   */
  writeCell(tensors: readonly Tensor[], row: number, cell: string, findings: Findings): void {
    if (this.feature.missing === true && isMissingNumber(cell)) this.write(tensors, row, null, findings);
    else if (cell.trim() !== '') this.write(tensors, row, this.#element.parse(cell), findings);
    else if (!this.hasDefault && this.feature.type === 'string') this.write(tensors, row, cell, findings);
    else this.writeAbsent(tensors, row, findings);
  }
}
