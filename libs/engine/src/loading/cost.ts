import { setImmediate as turn } from 'node:timers/promises';
import { type Instance, RunCost } from '#inference';
import type { Tensors } from '#tensor';

/** Batch sizes that are measured at load, as far as the model takes them. */
export const MEASURED_ROWS = [1, 8, 64] as const;

/** How long one batch size may be measured. */
const BUDGET_MS = 12;
/** So many runs are made all the same, as other work on the machine may lengthen one or two, unless they take too long. */
const LEAST_RUNS = 5;
const LONGEST_MS = 100;
const MAX_RUNS = 20;

/** A larger batch than this takes, by what smaller ones took, is not tried: it would hold the start up. */
const MAX_RUN_MS = 100;

export interface Measured {
  readonly cost: RunCost;
  /** The most rows that one run may have: fewer than wanted where a larger batch failed. */
  readonly mostRows: number;
}

/** How many rows a run may have. */
export interface MostRows {
  readonly rows: number;
  /** Of rows that were made up; one row is measured always. */
  readonly inventedRows: number;
}

/**
 * Measures runs of 1, 8 and 64 rows, as far as `most` goes and the model runs. The shortest of several runs counts: whatever else the
 * machine does only lengthens one. Others have their turn of the event loop between two runs. A fast model takes some tens of milliseconds in all; a slow one is run until 100 ms are over.
 */
export async function measureCost(
  instance: Instance,
  inputsOf: (rows: number) => Tensors,
  most: MostRows,
): Promise<Measured> {
  const sizes = MEASURED_ROWS.filter((rows) => rows <= Math.max(1, Math.min(most.rows, most.inventedRows)));
  const points: [number, number][] = [];
  for (const rows of sizes) {
    if (points.length > 0 && new RunCost(points).ms(rows) > MAX_RUN_MS) break;
    const inputs = inputsOf(rows);
    try {
      points.push([rows, await shortest(() => instance.run(inputs))]);
    } catch (error) {
      // One row ran before: more at a time are more than the model takes.
      if (points.length === 0) throw error;
      return { cost: new RunCost(points), mostRows: points.at(-1)![0] };
    }
  }
  return { cost: new RunCost(points), mostRows: most.rows };
}

/** Milliseconds of the shortest of several runs. */
export async function shortest(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let best = Infinity;
  for (let runs = 0; runs < MAX_RUNS; runs += 1) {
    await turn();
    const before = performance.now();
    await run();
    const now = performance.now();
    best = Math.min(best, now - before);
    // The first run is a cold one: it counts alone only where a second would take too long.
    if (now - start > (runs + 1 < LEAST_RUNS ? LONGEST_MS : BUDGET_MS)) break;
  }
  return best;
}
