import { NestorError } from '#errors';
import { allocate, type Datatype, DYNAMIC, elementCount, type Tensor, type TensorData } from '#tensor';
import { Field } from './column.ts';
import type { Element } from './element.ts';
import type { Feature, LengthOf } from './feature.ts';
import { fillingOf } from './filling.ts';
import { describe, Findings } from './findings.ts';

/** How the lists of a value are read. */
interface Lists {
  /** Whether the first dimension holds the rows, or a single row is the whole tensor. */
  readonly hasRows: boolean;
  /** Whether a list may be empty if the model leaves its length open. */
  readonly empty: boolean;
}

/** How many elements the defaults of one request may fill. Otherwise, a small body could fill the memory. */
const MOST_FILLED = 4 * 2 ** 20;

/** The length of a dimension of the value that a feature has in each row. */
export type LengthsOf = (of: LengthOf) => number;

/** A feature whose value is a tensor: nested lists that fill an input of their own. */
export class Block extends Field {
  readonly #element: Element;
  readonly #datatype: Datatype;
  readonly #lists: Lists;
  /** The value of every element of the default, if it is one value for all. */
  readonly #filling: TensorData[number] | undefined;

  constructor(feature: Feature, slot: number, element: Element, datatype: Datatype, lists: Lists) {
    super(feature, slot);
    this.#element = element;
    this.#datatype = datatype;
    this.#lists = lists;
    this.#filling = fillingOf(feature, element, datatype);
  }

  /**
   * The tensor of this feature's values in all rows; undefined after an issue with their shape. Every shape is checked
   * before storage is allocated, so that its size never exceeds what the body really holds, and the bound for defaults.
   *
   * @param sent undefined for a row without a value; null, too, if there is a default
   */
  read(sent: readonly unknown[], lengths: LengthsOf, findings: Findings): Tensor | undefined {
    const values = this.hasDefault ? sent.map((value) => value ?? undefined) : sent;
    const given = this.#given(values);
    const shape = this.#shapeOf(given, lengths);
    const size = elementCount(shape);
    let filled = 0;
    let fits = true;
    for (let row = 0; row < given.length; row += 1) {
      if (values[row] === undefined && this.hasDefault) filled += size;
      if (given[row] === undefined && this.#filling !== undefined) continue;
      fits = this.#fits(given[row], shape, row, findings) && fits;
    }
    if (!fits) return undefined;
    if (filled > MOST_FILLED) throw this.#tooLarge(size);
    const data = allocate(this.#datatype, size * given.length);
    for (let row = 0; row < given.length; row += 1) {
      findings.element = 0;
      if (given[row] === undefined) (data as unknown[]).fill(this.#filling, row * size, (row + 1) * size);
      // The default's lists are what the model takes, and get no warning.
      else
        this.#fill(
          data,
          row * size,
          given[row],
          shape.length,
          row,
          values[row] === undefined ? new Findings() : findings,
        );
    }
    findings.element = -1;
    return { datatype: this.#datatype, shape: this.#lists.hasRows ? [given.length, ...shape] : shape, data };
  }

  /** The values, with the default's lists for rows without one. */
  #given(values: readonly unknown[]): readonly unknown[] {
    const { default: fallback } = this.feature;
    return Array.isArray(fallback) ? values.map((value) => (value === undefined ? fallback : value)) : values;
  }

  /** The shape of a row's value. An open dimension has the first value's length, or the one that the default names. */
  #shapeOf(given: readonly unknown[], lengths: LengthsOf): readonly number[] {
    const { shape, lengths: places } = this.feature;
    const first = given.find((value) => value !== undefined);
    return shape.map((dimension, depth) => {
      if (dimension !== DYNAMIC) return dimension;
      const place = first === undefined ? places?.[depth] : undefined;
      return place ? lengths(place) : lengthAt(first, depth);
    });
  }

  #tooLarge(size: number): NestorError {
    const most = Math.floor(MOST_FILLED / size);
    const what =
      most === 0 ? 'send it with each row' : `send at most ${most === 1 ? '1 row' : `${most} rows`} without it`;
    return new NestorError(
      'TOO_MANY_ROWS',
      `${this.name} is left out in too many rows for its default of ${size} elements: ${what}.`,
    );
  }

  #fits(value: unknown, shape: readonly number[], row: number, findings: Findings): boolean {
    if (value === undefined) {
      findings.issue(row, this.name, 'is missing');
      return false;
    }
    const wrong = this.#mismatch(value, shape, 0);
    if (wrong !== undefined) findings.issue(row, this.name, wrong);
    return wrong === undefined;
  }

  #fill(data: TensorData, at: number, value: unknown, depth: number, row: number, findings: Findings): number {
    if (depth === 0) {
      this.#element.write(data, at, value, row, findings);
      findings.element += 1;
      return at + 1;
    }
    let next = at;
    for (const item of value as readonly unknown[]) next = this.#fill(data, next, item, depth - 1, row, findings);
    return next;
  }

  /** Why nested lists have no shape, as the end of a sentence; undefined if they have one. */
  #mismatch(value: unknown, shape: readonly number[], depth: number): string | undefined {
    if (depth === shape.length) {
      return Array.isArray(value)
        ? `is nested too deeply: lists of shape [${shape.join(', ')}] are expected`
        : undefined;
    }
    if (!Array.isArray(value)) {
      return `is ${describe(value)} at depth ${depth}; lists of shape [${shape.join(', ')}] are expected`;
    }
    if (value.length === 0 && !this.#lists.empty) return 'holds an empty list';
    if (value.length !== shape[depth]) {
      return `has ${value.length} items at depth ${depth}; lists of shape [${shape.join(', ')}] are expected`;
    }
    for (const item of value) {
      const wrong = this.#mismatch(item, shape, depth + 1);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
}

/** The length of the first list at a depth of nesting; 0 if there is no list. */
function lengthAt(value: unknown, depth: number): number {
  let list = value;
  for (let level = 0; level < depth; level += 1) list = Array.isArray(list) ? list[0] : undefined;
  return Array.isArray(list) ? list.length : 0;
}
