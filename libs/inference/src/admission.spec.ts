import { describe, expect, it } from '@jest/globals';
import { Admission } from './admission.ts';
import { Pace } from './pace.ts';
import { RunCost } from './run-cost.ts';

const HALF_A_SECOND = new RunCost([[1, 500]]);
const UNBOUNDED = Number.MAX_SAFE_INTEGER;

/** Of a model of one row a run, unless said otherwise. */
function admissionOf(cost: RunCost | undefined, { maxQueueMs = 250, maxBatchSize = 1, concurrency = 1 } = {}) {
  const admission = new Admission(new Pace(cost), maxBatchSize, { maxQueueMs, maxQueuedBytes: UNBOUNDED }, concurrency);
  return {
    admission,
    refusal: (own: number, { other = 0, underWay = [{ began: 0, size: 1 }], now = 0 } = {}) =>
      admission.refusal({ own, other }, underWay, 0, 0, now),
  };
}

describe('Admission', () => {
  it('rejects what would start later than the bound, and tells when to come again', () => {
    const { refusal } = admissionOf(new RunCost([[1, 20]]));
    expect(refusal(11)).toBeUndefined(); // 20 ms of the run under way and 11 × 20 ms before it
    expect(refusal(12)).toMatchObject({ code: 'QUEUE_FULL', retryAfterSeconds: 1 });
    expect(refusal(12)!.message).toBe('The request would wait 260 ms for its run; it may wait 250 ms.');
    expect(refusal(12, { now: 11 })).toBeUndefined();
    expect(refusal(262)).toMatchObject({ retryAfterSeconds: 6 });
    expect(refusal(100_000)).toMatchObject({ retryAfterSeconds: 30 });
  });

  it('lets two runs wait however long they take', () => {
    const { refusal } = admissionOf(HALF_A_SECOND, { maxQueueMs: 0 });
    expect(refusal(0)).toBeUndefined();
    expect(refusal(1)).toBeUndefined();
    expect(refusal(2)).toMatchObject({ code: 'QUEUE_FULL' });
  });

  it('counts a batch of rows as one run', () => {
    const { refusal } = admissionOf(new RunCost([[64, 1]]), { maxBatchSize: 64 });
    expect(refusal(249 * 64)).toBeUndefined();
    expect(refusal(251 * 64)).toBeDefined();
  });

  it('shares what waits among the runs that may be under way at once', () => {
    const { refusal } = admissionOf(new RunCost([[1, 20]]), { concurrency: 4 });
    expect(refusal(48, { underWay: [] })).toBeUndefined();
    expect(refusal(51, { underWay: [] })).toBeDefined();
  });

  it('lets long and short requests take turns: neither keeps the other out', () => {
    const { refusal } = admissionOf(new RunCost([[1, 20]]));
    expect(refusal(0, { other: 1000 })).toBeUndefined();
    expect(refusal(5, { other: 1000 })).toBeUndefined();
    expect(refusal(6, { other: 1000 })).toBeDefined();
    expect(refusal(6, { other: 3 })).toBeUndefined();
  });

  it('admits whatever comes to a model that was never measured, until its first run shows how long it takes', () => {
    const { refusal } = admissionOf(undefined);
    expect(refusal(1000)).toBeUndefined();
    expect(refusal(10, { now: 20 })).toBeUndefined();
    expect(refusal(20, { now: 20 })).toBeDefined();
  });

  it('takes a run that is late for the measure of those behind it', () => {
    const { refusal } = admissionOf(new RunCost([[1, 1]]));
    expect(refusal(100)).toBeUndefined();
    expect(refusal(100, { now: 3 })).toBeDefined();
  });
});

describe('Pace', () => {
  it('corrects what was measured by what the latest runs took', () => {
    const pace = new Pace(
      new RunCost([
        [1, 1],
        [8, 2],
      ]),
    );
    expect(pace.ms(8)).toBe(2);
    for (let run = 0; run < 100; run += 1) pace.ran(8, 8, 6);
    expect(pace.ms(8)).toBeCloseTo(6);
    expect(pace.ms(1)).toBeCloseTo(3);
  });

  it('is not thrown off by one run that the machine held up, and follows a model that has become slow', () => {
    const pace = new Pace(new RunCost([[1, 1]]));
    for (let run = 0; run < 10; run += 1) pace.ran(1, 1, 1);
    pace.ran(1, 1, 1000);
    expect(pace.ms(1)).toBeLessThan(2);
    for (let run = 0; run < 30; run += 1) pace.ran(1, 1, 1000);
    expect(pace.ms(1)).toBeGreaterThan(500);
  });

  it('learns from its runs alone where nothing was measured', () => {
    const pace = new Pace();
    expect(pace.ms(1)).toBe(0);
    pace.ran(1, 1, 7);
    expect(pace.ms(1)).toBe(7);
  });

  it('expects no more rows in a run than requests of different shapes leave together', () => {
    const pace = new Pace();
    expect(pace.sizeOf(64)).toBe(64);
    for (let run = 0; run < 100; run += 1) pace.ran(4, 64, 1);
    expect(pace.sizeOf(64)).toBeCloseTo(4);
    expect(pace.sizeOf(1)).toBe(1);
  });
});
