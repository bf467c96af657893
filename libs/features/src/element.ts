import { isCommaNumber, WITHOUT_COMMAS } from '#csv';
import { listed, quote } from '#errors';
import type { TensorData } from '#tensor';
import type { Category, Feature, FeatureType } from './feature.ts';
import { describe, type Findings } from './findings.ts';

const EXPECTED: Readonly<Record<FeatureType, string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  string: 'a string',
};

const NUMBERS: ReadonlySet<FeatureType> = new Set(['number', 'integer']);

/**
 * Checks one value of a feature and writes it into the storage of its tensor. Nothing is coerced: a value of the wrong
 * type is an issue, and the storage then holds whatever it held.
 */
export abstract class Element {
  protected readonly feature: Feature;
  readonly #categories: ReadonlySet<unknown> | undefined;
  readonly #seenCategories: ReadonlySet<unknown> | undefined;

  constructor(feature: Feature) {
    this.feature = feature;
    this.#categories = feature.categories && new Set(feature.categories);
    this.#seenCategories = feature.seenCategories && new Set(feature.seenCategories);
  }

  /** @param at index in `data`; @param value a JSON value, never undefined */
  abstract write(data: TensorData, at: number, value: unknown, row: number, findings: Findings): void;

  /** A CSV cell as a value; a cell that is not a value stays a text, which `write` rejects. */
  abstract parse(cell: string): Category | bigint;

  /** The number in a part of a text, if a fast path can read it; NaN leaves it to `parse`. */
  parsePlain(_text: string, _from: number, _to: number): number {
    return NaN;
  }

  protected get hasCategories(): boolean {
    return this.#categories !== undefined || this.#seenCategories !== undefined;
  }

  protected refuse(value: unknown, row: number, findings: Findings): void {
    const { name, type } = this.feature;
    const hasComma = NUMBERS.has(type) && typeof value === 'string' && isCommaNumber(value);
    const hint = hasComma ? `, ${WITHOUT_COMMAS}` : '';
    findings.issue(row, name, findings.listing ? `is ${describe(value)}; ${EXPECTED[type]} is expected${hint}` : '');
  }

  /** Whether a value of the right type may be written. */
  protected admits(value: Category | bigint, row: number, findings: Findings): boolean {
    const { name, categories, seenCategories } = this.feature;
    if (this.#categories?.has(value) === false) {
      findings.issue(
        row,
        name,
        findings.listing ? `is ${worded(value)}, which is not one of ${listed(categories!, worded)}` : '',
      );
      return false;
    }
    if (this.#seenCategories?.has(value) === false) {
      findings.warn(
        row,
        name,
        `is ${worded(value)}, which was not seen in training (${listed(seenCategories!, worded)})`,
      );
    }
    return true;
  }
}

const worded = (value: Category | bigint): string => (typeof value === 'string' ? quote(value) : String(value));
