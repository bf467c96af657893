import { setImmediate as turn } from 'node:timers/promises';
import { type Instance, RunCost } from '#inference';
import type { Tensors } from '#tensor';

/** Batch sizes that are measured at load, as far as the model takes them. */
export const MEASURED_ROWS = [1, 8, 64] as const;

/** How long one batch size may be measured. */
const BUDGET_MS = 12;
/** At least this many runs are measured, unless they take too long, since other work may slow down one or two. */
const LEAST_RUNS = 5;
const LONGEST_MS = 100;
const MAX_RUNS = 20;

/** A batch that would take longer, to judge by smaller ones, is not measured, since it would delay the start. */
const MAX_RUN_MS = 100;

export interface Measured {
  readonly cost: RunCost;
  /** The maximum rows of one run; fewer than requested if a larger batch failed. */
  readonly mostRows: number;
}

/** How many rows a run may have. */
export interface MostRows {
  readonly rows: number;
  /** The limit for rows that Nestor made up. One row is always measured. */
  readonly inventedRows: number;
}

/**
 * Measures runs of 1, 8 and 64 rows, as far as `most` allows and the model runs. The shortest of several runs counts,
 * since other work on the machine can only slow a run down. Other work gets a turn of the event loop between runs. A
 * fast model takes tens of milliseconds in total; a slow one runs until 100 ms have passed.
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
      // One row ran before, so a failure means that the model does not take this many rows.
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
    // The first run is cold. It counts only if a second one would take too long.
    if (now - start > (runs + 1 < LEAST_RUNS ? LONGEST_MS : BUDGET_MS)) break;
  }
  return best;
}
