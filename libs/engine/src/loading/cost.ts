import { setImmediate as turn } from 'node:timers/promises';
import type { Instance, MeasuredRun } from '#inference';
import type { Tensors } from '#tensor';

/** Batch sizes that are measured at load, as far as the model takes them. */
export const MEASURED_ROWS = [1, 8, 64] as const;

/** How long one batch size may be measured, and from when on a first run is too long to be repeated. */
const BUDGET_MS = 12;
const COLD_MS = 100;
const MAX_RUNS = 20;

/** A larger batch than this takes, by what smaller ones took, is not tried: it would hold the start up. */
const MAX_RUN_MS = 100;

/** What a run costs by its rows: between the sizes measured on a straight line, beyond them on the last one. */
export class Cost {
  readonly #points: readonly (readonly [rows: number, ms: number])[];

  /** @param points rows and milliseconds of a run, by rising rows, at least one; noise that falls is levelled. */
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

  /** The most rows, up to `most`, whose run takes no longer than `ms`; 0 where not even one row does. */
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

  /** What was measured, as `#inference` takes it. */
  get runs(): readonly MeasuredRun[] {
    return this.#points.map(([rows, ms]) => ({ rows, ms }));
  }

  /** Milliseconds a row at each size measured. */
  get msPerRow(): Readonly<Record<number, number>> {
    return Object.fromEntries(this.#points.map(([rows, ms]) => [rows, ms / rows]));
  }
}

/**
 * Measures runs of 1, 8 and 64 rows, as far as `mostRows` goes. The shortest of several runs counts: whatever else the
 * machine does only lengthens one. Others have their turn of the event loop between two runs. A fast model takes some tens of milliseconds in all, a slow one is run once or twice.
 */
export async function measureCost(
  instance: Instance,
  inputsOf: (rows: number) => Tensors,
  mostRows: number,
): Promise<Cost> {
  const sizes = MEASURED_ROWS.filter((rows) => rows <= mostRows);
  const points: [number, number][] = [];
  for (const rows of sizes) {
    if (points.length > 0 && new Cost(points).ms(rows) > MAX_RUN_MS) break;
    const inputs = inputsOf(rows);
    points.push([rows, await shortest(() => instance.run(inputs))]);
  }
  return new Cost(points);
}

async function shortest(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let best = Infinity;
  for (let runs = 0; runs < MAX_RUNS; runs += 1) {
    await turn();
    const before = performance.now();
    await run();
    const now = performance.now();
    best = Math.min(best, now - before);
    // The first run is a cold one: it counts alone only where a second would take too long.
    if (now - start > (runs === 0 ? COLD_MS : BUDGET_MS)) break;
  }
  return best;
}
