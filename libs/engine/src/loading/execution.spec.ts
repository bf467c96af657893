import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RunCost } from '#inference';
import { affordableWorkers, type ExecutionWish, planExecution, workersFor } from './execution.ts';

const wish = (changes: Partial<ExecutionWish> = {}): ExecutionWish => ({
  where: 'auto',
  intraOpThreads: 1,
  workers: 2,
  maxRows: 64,
  ...changes,
});
const costs = (...ms: number[]): RunCost =>
  new RunCost([1, 8, 64].slice(0, ms.length).map((rows, at) => [rows, ms[at]!] as const));

describe('affordableWorkers', () => {
  const MiB = 2 ** 20;

  it('are as many as were wished for, where copies of the model are small beside the memory', () => {
    expect(affordableWorkers(8, MiB, 512 * MiB)).toEqual({ workers: 8 });
    expect(affordableWorkers(2, 23 * MiB, 24_576 * MiB)).toEqual({ workers: 2 });
  });

  it('are fewer where they are not, one at least, with the reason', () => {
    expect(affordableWorkers(2, 23 * MiB, 512 * MiB)).toEqual({
      workers: 1,
      fewer: '1 worker(s) instead of 2, as each may hold 115 MiB of a memory limit of 512 MiB',
    });
    expect(affordableWorkers(8, 400 * MiB, 24_576 * MiB).workers).toBe(3);
    expect(affordableWorkers(8, 4096 * MiB, 512 * MiB).workers).toBe(1);
  });

  it('are told of where the model runs in the pool', () => {
    const plan = planExecution(wish({ workers: 1, fewer: '1 worker(s) instead of 2' }), costs(20), 2);
    expect(plan.reason).toMatch(/too long for the event loop; 1 worker\(s\) instead of 2$/);
  });
});

describe('planExecution', () => {
  it('runs a small model inline, with all the rows that were wished', () => {
    expect(planExecution(wish(), costs(0.014, 0.022, 0.11), 2)).toMatchObject({
      where: 'inline',
      workers: 0,
      maxRows: 64,
    });
  });

  it('cuts the batches of a model whose rows cost much, so that each stays short', () => {
    const plan = planExecution(wish(), costs(0.07, 0.26, 1.9), 2);
    expect(plan).toMatchObject({ where: 'inline', maxRows: 9 });
    expect(plan.reason).toContain('9 rows 0.29 ms');
  });

  it('keeps a model of which one row takes over a millisecond off the event loop, even on one CPU', () => {
    expect(planExecution(wish(), costs(1.2, 8), 0.2)).toMatchObject({ where: 'pool', workers: 2, maxRows: 64 });
  });

  it('runs what lies between in the pool only where there is a second CPU', () => {
    const between = costs(0.5, 3, 20);
    expect(planExecution(wish(), between, 2).where).toBe('pool');
    expect(planExecution(wish(), between, 1)).toMatchObject({ where: 'inline', maxRows: 2 });
  });

  it('does as it is asked', () => {
    expect(planExecution(wish({ where: 'pool' }), costs(0.01), 1)).toMatchObject({
      where: 'pool',
      reason: expect.stringContaining('asked for'),
    });
    expect(planExecution(wish({ where: 'inline' }), costs(500), 1)).toMatchObject({ where: 'inline', maxRows: 1 });
  });

  it('takes a model that could not be measured for a slow one', () => {
    expect(planExecution(wish({ unmeasured: 'add examples' }), undefined, 4)).toMatchObject({
      where: 'pool',
      reason: 'not measured: add examples',
    });
  });

  it('never holds the event loop up for over a millisecond by choice', () => {
    const ms = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        ms,
        ms,
        ms,
        fc.integer({ min: 1, max: 512 }),
        fc.double({ min: 0.1, max: 16, noNaN: true }),
        (one, eight, many, maxRows, cpus) => {
          const cost = costs(one, eight, many);
          const plan = planExecution(wish({ maxRows }), cost, cpus);
          expect(plan.maxRows).toBeGreaterThanOrEqual(1);
          expect(plan.maxRows).toBeLessThanOrEqual(maxRows);
          if (plan.where === 'inline') expect(cost.ms(plan.maxRows)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('workersFor', () => {
  it.each([
    [0.2, 1, 1],
    [2, 1, 2],
    [3.9, 1, 3],
    [4, 2, 2],
    [96, 1, 8],
  ])('makes of %d CPUs at %d threads a run %d workers', (cpus, threads, workers) => {
    expect(workersFor(cpus, threads)).toBe(workers);
  });
});
