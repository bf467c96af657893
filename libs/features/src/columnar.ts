import { clip, NestorError } from '#errors';
import type { Feature } from './feature.ts';
import { describe } from './findings.ts';
import type { JsonObject } from './json-object.ts';

/** A table turned from columns into rows. */
export interface Turned {
  readonly columns: readonly string[];
  readonly count: number;
  /** Makes the rows on demand, after their count has been admitted. */
  readonly rows: () => readonly (readonly unknown[])[];
}

/** One column as it was sent, with the features whose values its items hold. */
interface SentColumn {
  readonly name: string;
  readonly items: readonly unknown[];
  readonly features: readonly Feature[];
}

/**
 * Turns columns, name → list with one item per row, into rows. A name is that of a feature or of an input, whose items
 * then have a value for each feature that feeds it. A scalar may be a list of one, as in arrays of shape [rows, 1].
 *
 * @throws NestorError INVALID_ROWS if a column is not a list, has another length, or an item does not fit its input
 */
export function turn(table: JsonObject, features: readonly Feature[]): Turned {
  const sent = Object.entries(table).map(([name, items]) => sentColumn(name, items, features));
  const [first] = sent;
  const count = first?.items.length ?? 0;
  for (const { name, items } of sent) {
    if (items.length !== count)
      throw refusal(name, `has ${rowsOf(items.length)}, where ${clip(first!.name)} has ${rowsOf(count)}`);
  }
  return {
    columns: sent.flatMap(({ name, features: own }) => (own.length === 0 ? name : own.map((feature) => feature.name))),
    count,
    rows: () => Array.from({ length: count }, (_, row) => sent.flatMap((column) => valuesAt(column, row))),
  };
}

function sentColumn(name: string, items: unknown, features: readonly Feature[]): SentColumn {
  if (!Array.isArray(items))
    throw refusal(name, `is ${describe(items)}; as a column it is a list with an item for each row`);
  const named = features.find((feature) => feature.name === name);
  return { name, items, features: named ? [named] : features.filter(({ input }) => input === name) };
}

/** A column's values in one row, one for each of its features; an unknown column has one, which the reader rejects. */
function valuesAt({ name, items, features }: SentColumn, row: number): readonly unknown[] {
  const item = items[row];
  if (features.length > 1) {
    if (Array.isArray(item) && item.length === features.length) return item;
    const what = Array.isArray(item) ? `has ${item.length} values` : `is ${describe(item)}`;
    throw refusal(name, `${what}; a list of ${features.length} values is expected`, row);
  }
  const isScalar = features[0]?.shape.length === 0;
  return [isScalar && Array.isArray(item) && item.length === 1 ? item[0] : item];
}

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count} rows`);

function refusal(name: string, what: string, row?: number): NestorError {
  const field = clip(name);
  const detail = `${row === undefined ? '' : `row ${row}: `}${field} ${what}`;
  return new NestorError('INVALID_ROWS', detail, { errors: [{ ...(row !== undefined && { row }), field, detail }] });
}
