/**
 * A size, or another whole number of a graph's, as far as it is known before a run: a product of a number, the number of
 * rows to some power, and of other open dimensions by name. Undefined is a number that nothing is known of but that it
 * has nothing to do with the number of rows.
 */
export type Size = Product | undefined;

export interface Product {
  readonly factor: number;
  /** How often the number of rows is a factor. */
  readonly rows: number;
  /** Open dimensions that are factors, sorted. */
  readonly names: readonly string[];
}

/** The number of rows. */
export const ROWS: Product = { factor: 1, rows: 1, names: [] };

export const ONE: Product = exactly(1);

export function exactly(number: number): Product {
  return { factor: number, rows: 0, names: [] };
}

/** An open dimension other than the rows. */
export function named(name: string): Product {
  return { factor: 1, rows: 0, names: [name] };
}

/** The number, where it is one. */
export function numberOf(size: Size): number | undefined {
  return size?.rows === 0 && size.names.length === 0 ? size.factor : undefined;
}

export function isOne(size: Size): boolean {
  return numberOf(size) === 1;
}

/** Whether both are the same number in every run; false where that is not known. */
export function isSame(one: Size, other: Size): boolean {
  if (one === undefined || other === undefined) return false;
  return one.factor === other.factor && one.rows === other.rows && one.names.join('\0') === other.names.join('\0');
}

export function times(one: Size, other: Size): Size {
  if (one === undefined || other === undefined) return undefined;
  const factor = one.factor * other.factor;
  if (factor === 0) return exactly(0);
  return { factor, rows: one.rows + other.rows, names: [...one.names, ...other.names].sort() };
}

export function product(sizes: readonly Size[]): Size {
  return sizes.reduce(times, ONE);
}

/** The quotient, where it is a whole number in every run, and not by chance: undefined says nothing of the rows here. */
export function quotient(dividend: Size, divisor: Size): Product | undefined {
  if (dividend === undefined || divisor === undefined || divisor.factor === 0) return undefined;
  const names = [...dividend.names];
  for (const name of divisor.names) {
    const at = names.indexOf(name);
    if (at === -1) return undefined;
    names.splice(at, 1);
  }
  const factor = dividend.factor / divisor.factor;
  const rows = dividend.rows - divisor.rows;
  return Number.isInteger(factor) && rows >= 0 ? { factor, rows, names } : undefined;
}
