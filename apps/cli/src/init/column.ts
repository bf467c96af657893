import { isCommaNumber, isMissingNumber, WITHOUT_COMMAS } from '#csv';
import type { ManifestFeature } from '#models';
import { Failure } from '../exit.ts';

/** Text of more different values than this is no list of categories. */
const MAX_CATEGORIES = 50;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export type Scalar = string | number | boolean;

/** What the cells of one column have in common. Bounded in memory, however many there are. */
export class ColumnSummary {
  readonly name: string;
  #low = Infinity;
  #high = -Infinity;
  #missing = false;
  #texts: Set<string> | undefined = new Set();
  /** Of cells that are neither numbers nor missing ones. */
  #others = 0;
  #first: string | undefined;
  #commaNumber: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  add(cell: string): void {
    if (isMissingNumber(cell)) {
      this.#missing = true;
      // In a column of text it is a text.
      if (cell.trim() === '') return;
    } else {
      this.#first ??= cell;
      if (isCommaNumber(cell)) this.#commaNumber ??= cell;
      this.#count(numberOf(cell));
    }
    this.#texts?.add(cell);
    if ((this.#texts?.size ?? 0) > MAX_CATEGORIES) this.#texts = undefined;
  }

  #count(value: number | undefined): void {
    if (value === undefined) this.#others += 1;
    else {
      this.#low = Math.min(this.#low, value);
      this.#high = Math.max(this.#high, value);
    }
  }

  /** The different cells, sorted as numbers or as text; undefined where they are too many. */
  get values(): readonly Scalar[] | undefined {
    if (this.#texts === undefined) return undefined;
    if (this.#others > 0) return [...this.#texts].sort();
    const numbers = [...this.#texts].filter((text) => !isMissingNumber(text));
    return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
  }

  /** Whether every cell is a number, or a missing one. */
  get isNumeric(): boolean {
    return this.#others === 0 && this.#first !== undefined;
  }

  /**
   * What a manifest says of a feature of this type that takes these cells.
   *
   * @throws Failure where numbers have commas
   */
  describe(type: NonNullable<ManifestFeature['type']>): Partial<ManifestFeature> {
    const example = this.#first === undefined ? undefined : valueOf(this.#first, type);
    const values = type === 'string' && this.#texts !== undefined ? [...this.#texts].sort() : undefined;
    const isNumber = type === 'number' || type === 'integer';
    if (isNumber && this.#commaNumber !== undefined) {
      const holds = `The column ${this.name} holds ${JSON.stringify(this.#commaNumber)}`;
      throw new Failure(`${holds}: write its numbers ${WITHOUT_COMMAS}.`);
    }
    return {
      ...(isNumber && this.isNumeric && { seen: [this.#low, this.#high] as [number, number] }),
      ...(values !== undefined && values.length > 0 && { seenCategories: values }),
      ...(type === 'number' && this.#missing && { missing: true }),
      ...(example !== undefined && { example }),
    };
  }
}

/** A cell as a record holds it; undefined where it is none of this type. */
export function valueOf(cell: string, type: NonNullable<ManifestFeature['type']>): Scalar | undefined {
  if (type === 'string') return cell;
  if (type !== 'boolean') return numberOf(cell);
  return { true: true, false: false }[cell.trim().toLowerCase()];
}

function numberOf(cell: string): number | undefined {
  return NUMBER.test(cell.trim()) ? Number(cell) : undefined;
}
