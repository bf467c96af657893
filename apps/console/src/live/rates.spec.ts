import { describe, expect, it } from '@jest/globals';
import { type FiguresAnswer, type Snapshot, snapshotOf } from './figures.ts';
import { quantile } from './histogram.ts';
import { batchesOf, ratesBetween, recent, series } from './rates.ts';

/** Model "a" was asked so often, half of it within 10 ms and the rest within 20. */
const look = (at: number, requests: number, { started = 1, failed = 0, queued = 0 } = {}): Snapshot => {
  const figures: FiguresAnswer['models'][number] = {
    ...{ model: 'a', version: '1', requests: requests + failed, failed, rows: requests * 3, queuedRows: queued },
    latency: { counts: [requests / 2, requests / 2], sum: requests / 100 },
    batchRows: { counts: [0, requests], sum: requests * 3 },
  };
  return snapshotOf({ startedAt: started, bounds: { latency: [0.01, 0.02], batchRows: [1] }, models: [figures] }, at);
};

describe('the figures of the server', () => {
  it('have every bucket, the empty ones too', () => {
    expect(look(0, 4).models[0]!.latency).toEqual({ bounds: [0.01, 0.02, Infinity], counts: [2, 2, 0], sum: 0.04 });
  });

  it('become rates, quantiles and rows a batch', () => {
    expect(ratesBetween(look(0, 100), look(2000, 300, { failed: 20, queued: 7 }), 'a')).toMatchObject({
      requestsPerSecond: 110,
      failedPerSecond: 10,
      rowsPerSecond: 300,
      p50: 0.01,
      rowsPerBatch: 3,
      queuedRows: 7,
    });
  });

  it('say nothing of latency where nothing was asked', () => {
    expect(ratesBetween(look(0, 100), look(2000, 100), 'a')).toMatchObject({ requestsPerSecond: 0, p99: undefined });
  });

  it('are not compared across processes, nor with counters that are gone', () => {
    expect(ratesBetween(look(0, 100), look(2000, 5, { started: 2 }))).toBeUndefined();
    expect(ratesBetween(look(0, 100), look(2000, 50))).toBeUndefined();
    const history = [look(0, 100), look(2000, 110), look(4000, 5, { started: 2 }), look(6000, 6, { started: 2 })];
    expect(series(history, 'a').map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([5, 0.5]);
    expect(recent(history, 'a', 60_000)?.requestsPerSecond).toBe(0.5);
    expect(batchesOf(history, 'a').counts).toEqual([0, 11]);
  });
});

describe('quantile', () => {
  it('lies within its bucket, and at the highest bound that is known', () => {
    const bounds = [1, 2, Infinity];
    expect(quantile({ bounds, counts: [0, 4, 0], sum: 0 }, 0.25)).toBe(1.25);
    expect(quantile({ bounds, counts: [0, 0, 4], sum: 0 }, 0.5)).toBe(2);
    expect(quantile({ bounds, counts: [0, 0, 0], sum: 0 }, 0.5)).toBeUndefined();
  });
});
