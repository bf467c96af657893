import { isCommaNumber, isMissingNumber, WITHOUT_COMMAS } from '#csv';
import type { ManifestFeature } from '#models';
import { Failure } from '../exit.ts';

/** A text column with more distinct values than this has no categories. */
const MAX_CATEGORIES = 50;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export type Scalar = string | number | boolean;

/** A summary of one column's cells. Its memory is bounded, however many cells there are. */
export class ColumnSummary {
  readonly name: string;
  #low = Infinity;
  #high = -Infinity;
  #missing = false;
  #texts: Set<string> | undefined = new Set();
  /** How many cells are neither numbers nor missing, and the first of them. */
  #others = 0;
  #firstOther: string | undefined;
  #first: string | undefined;
  #commaNumber: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  add(cell: string): void {
    if (isMissingNumber(cell)) {
      this.#missing = true;
      // A word such as "NA" is a value in a column of text.
      if (cell.trim() === '') return;
    } else {
      this.#first ??= cell;
      if (isCommaNumber(cell)) this.#commaNumber ??= cell;
      this.#count(cell);
    }
    this.#texts?.add(cell);
    if ((this.#texts?.size ?? 0) > MAX_CATEGORIES) this.#texts = undefined;
  }

  #count(cell: string): void {
    const value = numberOf(cell);
    if (value === undefined) {
      this.#others += 1;
      this.#firstOther ??= cell;
    } else {
      this.#low = Math.min(this.#low, value);
      this.#high = Math.max(this.#high, value);
    }
  }

  /** The distinct values, sorted as numbers or as text; undefined if there are too many. */
  get values(): readonly Scalar[] | undefined {
    if (this.#texts === undefined) return undefined;
    if (this.#others > 0) return [...this.#texts].sort();
    const numbers = [...this.#texts].filter((text) => !isMissingNumber(text));
    return [...new Set(numbers.map(Number))].sort((a, b) => a - b);
  }

  /** Whether every cell is a number or missing. */
  get isNumeric(): boolean {
    return this.#others === 0 && this.#first !== undefined;
  }

  /** What is wrong with the cells for a feature of this type; undefined if nothing is. */
  flawFor(type: NonNullable<ManifestFeature['type']>): string | undefined {
    const isNumber = type === 'number' || type === 'integer';
    if (!isNumber || this.#others === 0) return undefined;
    const cells =
      this.#others === 1 ? '1 cell that is not a number:' : `${this.#others} cells that are not numbers, such as`;
    const hint = 'Missing values are empty cells, NaN or NA.';
    return `${this.name} has ${cells} ${JSON.stringify(this.#firstOther)}. ${hint}`;
  }

  /**
   * The manifest's members for a feature of this type that reads this column.
   *
   * @throws Failure if numbers have commas
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

/** A cell as the value of a record; undefined if it is not of this type. */
export function valueOf(cell: string, type: NonNullable<ManifestFeature['type']>): Scalar | undefined {
  if (type === 'string') return cell;
  if (type !== 'boolean') return numberOf(cell);
  return { true: true, false: false }[cell.trim().toLowerCase()];
}

function numberOf(cell: string): number | undefined {
  return NUMBER.test(cell.trim()) ? Number(cell) : undefined;
}
