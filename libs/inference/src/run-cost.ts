/** What a run costs by its rows: interpolated between the measured sizes, and extrapolated beyond them. */
export class RunCost {
  readonly #points: readonly (readonly [rows: number, ms: number])[];

  /** @param points at least one pair of rows and milliseconds, by rising rows; costs that fall by noise are levelled */
  constructor(points: readonly (readonly [rows: number, ms: number])[]) {
    let highest = 0;
    this.#points = points.map(([rows, ms]) => [rows, (highest = Math.max(highest, ms))] as const);
  }

  /** Milliseconds of a run of `rows` rows. */
  ms(rows: number): number {
    const after = this.#points.findIndex(([measured]) => measured >= rows);
    const at = after === -1 ? this.#points.length - 1 : after;
    const [rightRows, rightMs] = this.#points[at]!;
    if (at === 0) return rightMs * Math.max(1, rows / rightRows);
    const [leftRows, leftMs] = this.#points[at - 1]!;
    return leftMs + ((rightMs - leftMs) * (rows - leftRows)) / (rightRows - leftRows);
  }

  /** The most rows, up to `most`, whose run takes at most `ms`; 0 if even one row takes longer. */
  rowsWithin(ms: number, most: number): number {
    let low = 0;
    let high = most;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.ms(middle) <= ms) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The most rows that were measured. */
  get measuredRows(): number {
    return this.#points.at(-1)![0];
  }

  /** Milliseconds a row at each size measured. */
  get msPerRow(): Readonly<Record<number, number>> {
    return Object.fromEntries(this.#points.map(([rows, ms]) => [rows, ms / rows]));
  }
}
