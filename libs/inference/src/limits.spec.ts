import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Admission } from './admission.ts';
import { defaultLimits } from './limits.ts';

describe('defaultLimits', () => {
  const most = { maxBatchRows: 64, concurrency: 1 };

  it('lets small models batch fully, and wait for what drains unnoticed', () => {
    expect(
      defaultLimits(
        [
          { rows: 1, ms: 0.014 },
          { rows: 8, ms: 0.022 },
          { rows: 64, ms: 0.109 },
        ],
        most,
      ),
    ).toEqual({ maxBatchRows: 64, maxQueuedRows: 1174, maxQueuedLongRows: 293577 });
  });

  it('keeps a slow model whose time grows with the rows at one row, with one more waiting for each concurrent run', () => {
    const slow = [
      { rows: 1, ms: 500 },
      { rows: 8, ms: 4000 },
    ];
    expect(defaultLimits(slow, most)).toEqual({ maxBatchRows: 1, maxQueuedRows: 1, maxQueuedLongRows: 1 });
    expect(defaultLimits(slow, { ...most, concurrency: 4 })).toEqual({
      maxBatchRows: 1,
      maxQueuedRows: 4,
      maxQueuedLongRows: 4,
    });
  });

  it('batches a slow model as far as rows are nearly free', () => {
    expect(
      defaultLimits(
        [
          { rows: 1, ms: 20 },
          { rows: 8, ms: 21 },
          { rows: 64, ms: 77 },
        ],
        most,
      ),
    ).toEqual({ maxBatchRows: 12, maxQueuedRows: 64, maxQueuedLongRows: 240 });
  });

  it('lets no more of a burst wait than drains within 0.4 seconds', () => {
    const linear = (ms: number) =>
      defaultLimits(
        [
          { rows: 1, ms },
          { rows: 8, ms: 8 * ms },
        ],
        most,
      ).maxQueuedRows;
    expect([5, 25, 100, 400].map(linear)).toEqual([64, 16, 4, 1]);
  });

  it('never exceeds the setting, nor what many connections cost', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 1000, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 1, max: 8 }),
        (ms, growth, maxBatchRows, concurrency) => {
          const runs = [1, 8, 64].map((rows) => ({ rows, ms: ms * (1 + growth * (rows - 1)) }));
          const limits = defaultLimits(runs, { maxBatchRows, concurrency });
          expect(limits.maxBatchRows).toBeGreaterThanOrEqual(1);
          expect(limits.maxBatchRows).toBeLessThanOrEqual(maxBatchRows);
          expect(limits.maxQueuedRows).toBeGreaterThanOrEqual(limits.maxBatchRows * concurrency);
          expect(limits.maxQueuedRows).toBeLessThanOrEqual(4096);
        },
      ),
    );
  });
});

describe('Admission', () => {
  it('estimates when to try again from how fast rows drain, between 1 and 30 seconds', () => {
    const admission = new Admission({ maxQueuedBytes: 10 });
    expect(admission.retryAfterSeconds(100, 1)).toBe(1);
    for (let run = 0; run < 100; run += 1) admission.ran(2, 1000);
    expect(admission.retryAfterSeconds(10, 1)).toBe(5);
    expect(admission.retryAfterSeconds(10, 4)).toBe(2);
    expect(admission.retryAfterSeconds(1000, 1)).toBe(30);
  });

  it('bounds rows by what waits, bytes by what is held', () => {
    const admission = new Admission({ maxQueuedBytes: 100 });
    expect(admission.admits(11, 101, { waitingRows: 0, maxRows: 10 }, 0)).toBe(true);
    const held = (rows: number, bytes: number) => admission.admits(rows, bytes, { waitingRows: 5, maxRows: 10 }, 60);
    expect([held(5, 40), held(6, 40), held(5, 41)]).toEqual([true, false, false]);
    expect(admission.admits(5, 41, { waitingRows: 5, maxRows: 10 }, 0)).toBe(true);
  });
});
