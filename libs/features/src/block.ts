import { allocate, type Datatype, DYNAMIC, elementCount, type Tensor, type TensorData } from '#tensor';
import { Field } from './column.ts';
import type { Element } from './element.ts';
import type { Feature } from './feature.ts';
import { describe, type Findings } from './findings.ts';

/** How the lists of a value are read. */
interface Lists {
  /** Whether rows stand along the first dimension, or the one row is the whole tensor. */
  readonly hasRows: boolean;
  /** Whether a list may be empty where the model leaves its length open. */
  readonly empty: boolean;
}

/** A feature whose value is a tensor: nested lists that fill an input of their own. */
export class Block extends Field {
  readonly #element: Element;
  readonly #datatype: Datatype;
  readonly #lists: Lists;

  constructor(feature: Feature, slot: number, element: Element, datatype: Datatype, lists: Lists) {
    super(feature, slot);
    this.#element = element;
    this.#datatype = datatype;
    this.#lists = lists;
  }

  /** A tensor is never made up: filling one in would let a few bytes of body ask for any amount of memory. */
  override get optional(): boolean {
    return false;
  }

  /**
   * The tensor of this feature's values in all rows; undefined after an issue with their shape. Every shape is checked
   * before storage is allocated, so that its size never exceeds what the body really holds.
   */
  read(values: readonly unknown[], findings: Findings): Tensor | undefined {
    const shape = this.feature.shape.map((dimension, depth) =>
      dimension === DYNAMIC ? lengthAt(values[0], depth) : dimension,
    );
    let fits = true;
    for (let row = 0; row < values.length; row += 1) fits = this.#fits(values[row], shape, row, findings) && fits;
    if (!fits) return undefined;
    const size = elementCount(shape);
    const data = allocate(this.#datatype, size * values.length);
    for (let row = 0; row < values.length; row += 1) {
      findings.element = 0;
      this.#fill(data, row * size, values[row], shape.length, row, findings);
    }
    findings.element = -1;
    return { datatype: this.#datatype, shape: this.#lists.hasRows ? [values.length, ...shape] : shape, data };
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

  /** What keeps nested lists from having a shape, as the end of a sentence; undefined if they have it. */
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

/** The length of the first list at a depth of nesting; 0 where there is none. */
function lengthAt(value: unknown, depth: number): number {
  let list = value;
  for (let level = 0; level < depth; level += 1) list = Array.isArray(list) ? list[0] : undefined;
  return Array.isArray(list) ? list.length : 0;
}
