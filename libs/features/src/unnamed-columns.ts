import { clip, NestorError } from '#errors';
import { DYNAMIC } from '#tensor';
import type { Feature } from './feature.ts';
import { describe, type Warning } from './findings.ts';

/** A key that JavaScript takes for a place in a list. */
const INDEX = /^(0|[1-9]\d{0,9})$/;
const MOST_LISTED = 20;
/** The maximum number of columns if a model takes any number, since each column costs memory and time. */
const MOST_COLUMNS = 16_384;
/** The maximum number of values if the table sets the number of columns. Otherwise, a header could fill the memory. */
const MOST_VALUES = 4 * 2 ** 20;

/** The columns of a table, as features. */
export interface NamedColumns {
  readonly features: readonly Feature[];
  /** The warning for all rows. */
  readonly warning: Warning;
  /** The maximum number of rows at once. */
  readonly mostRows: number;
}

/**
 * The columns of a model whose manifest names none (see `Feature.byPosition`). A table's columns stand for them by
 * position, whatever their names are.
 */
export class UnnamedColumns {
  readonly #feature: Feature;
  readonly #count: number;

  private constructor(feature: Feature) {
    this.#feature = feature;
    this.#count = feature.shape[0] ?? 1;
  }

  static of([only]: readonly Feature[]): UnnamedColumns | undefined {
    return only?.byPosition === true ? new UnnamedColumns(only) : undefined;
  }

  /**
   * A feature for each column of a table.
   *
   * @param row the only row with these columns, unless all rows have them
   * @throws NestorError INVALID_ROWS if there are more or fewer columns than the model has, or two with one name
   */
  named(columns: readonly unknown[], row?: number): NamedColumns {
    const { name, type, input } = this.#feature;
    if (this.#count !== DYNAMIC && columns.length !== this.#count) throw this.#refusal(this.#mismatch(columns), row);
    if (this.#count === DYNAMIC && columns.length > MOST_COLUMNS)
      throw this.#refusal(`${name} takes at most ${MOST_COLUMNS} columns of a table: send each row as a list`, row);
    const names = columns.map(nameOf);
    const twice = names.length === new Set(names).size ? undefined : names.find((one, at) => names.indexOf(one) < at);
    if (twice !== undefined) throw this.#refusal(`${clip(twice)} is the name of two columns`);
    if (areOutOfOrder(names))
      throw this.#refusal(`The columns are taken by position and are numbered otherwise: ${inOrder(columns)}`, row);
    const taken = columns.length === 1 ? `column ${inOrder(columns)}` : `columns ${inOrder(columns)} in this order`;
    return {
      features: names.map((column) => ({ name: column, type, input, shape: [] })),
      warning: { field: name, detail: `${name} takes the ${taken}, by position: the model names no columns` },
      mostRows: this.#count === DYNAMIC ? Math.max(1, Math.floor(MOST_VALUES / columns.length)) : Infinity,
    };
  }

  /**
   * For the keys of a JSON object: JavaScript puts those that are numbers first, in ascending order, wherever they stood.
   *
   * @throws NestorError INVALID_ROWS where that may have moved a column: 0, 1, 2 and 1, 2, 3 are in the only order that they have
   */
  requireOrder(keys: readonly string[], row?: number): void {
    const isCounted = keys.every((key, at) => Number(key) === Number(keys[0]) + at) && Number(keys[0]) <= 1;
    if (isCounted || !keys.some((key) => INDEX.test(key))) return;
    throw this.#refusal(
      `The columns are taken by position, and a JSON object loses the order of names that are numbers: ${inOrder(keys)}. ` +
        'Send "dataframe_split", lists or CSV, or name the columns as features in model.json',
      row,
    );
  }

  #mismatch(columns: readonly unknown[]): string {
    const expected = this.#count === 1 ? '1 column' : `${this.#count} columns`;
    const came = columns.length === 1 ? 'there is 1' : `there are ${columns.length}`;
    return (
      `${this.#feature.name} takes ${expected} by position, and ${came}: ${inOrder(columns)}. ` +
      'Send the columns of the model alone, in its order, or name them as features in model.json'
    );
  }

  #refusal(what: string, row?: number): NestorError {
    const place = row === undefined ? {} : { row };
    const detail = row === undefined ? what : `row ${row}: ${what}`;
    return new NestorError('INVALID_ROWS', detail, { errors: [{ ...place, field: this.#feature.name, detail }] });
  }
}

/** Whether names with numbers, such as Column_0 and Column_1, are out of order. */
function areOutOfOrder(names: readonly string[]): boolean {
  const counted = names.map((name) => /^(.*?)(\d{1,9})$/.exec(name));
  const prefix = counted[0]?.[1];
  if (counted.some((one) => one === null || one[1] !== prefix)) return false;
  const numbers = counted.map((one) => Number(one![2]));
  const sorted = numbers.toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  return first <= 1 && sorted.every((number, at) => number === first + at) && numbers.join() !== sorted.join();
}

/** In pandas, the name of a column can be a number. */
const nameOf = (column: unknown): string =>
  typeof column === 'string' || typeof column === 'number' ? String(column) : describe(column);

function inOrder(columns: readonly unknown[]): string {
  const shown = columns.slice(0, MOST_LISTED).map((column) => clip(nameOf(column)));
  const more = columns.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
