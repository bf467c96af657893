import { isMissingNumber } from '#csv';
import type { Tensor } from '#tensor';
import type { Element } from './element.ts';
import type { Feature } from './feature.ts';
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

/** A scalar feature: one column of the tensor that it feeds. */
export class Column extends Field {
  readonly #element: Element;
  readonly #offset: number;
  readonly #stride: number;

  constructor(feature: Feature, slot: number, element: Element, offset: number, stride: number) {
    super(feature, slot);
    this.#element = element;
    this.#offset = offset;
    this.#stride = stride;
  }

  /** Writes a value. Null is the default of a feature that has one and cannot be missing. */
  write(tensors: readonly Tensor[], row: number, value: unknown, findings: Findings): void {
    if (value === null && this.hasDefault && this.feature.missing !== true) this.writeAbsent(tensors, row, findings);
    else this.#write(tensors, row, value, findings);
  }

  #write(tensors: readonly Tensor[], row: number, value: unknown, findings: Findings): void {
    this.#element.write(tensors[this.slot]!.data, row * this.#stride + this.#offset, value, row, findings);
  }

  /** The value of rows without one. */
  writeAbsent(tensors: readonly Tensor[], row: number, findings: Findings): void {
    if (this.hasDefault) this.#write(tensors, row, this.feature.default, findings);
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
