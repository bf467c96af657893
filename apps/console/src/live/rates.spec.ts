import { describe, expect, it } from '@jest/globals';
import { readSnapshot, type Snapshot } from './figures.ts';
import { quantile } from './histogram.ts';
import { batchesOf, ratesBetween, recent, series } from './rates.ts';

const exposition = (requests: number, { started = 1, failed = 0, queued = 0 } = {}): string => `# HELP x y
process_start_time_seconds ${started}
nestor_requests_total{model="a",version="1",outcome="ok"} ${requests}
nestor_requests_total{model="a",version="1",outcome="INVALID_ROWS"} ${failed}
nestor_predictions_total{model="a",version="1"} ${requests * 3}
nestor_queue_rows{model="a",version="1"} ${queued}
nestor_request_duration_seconds_bucket{model="a",version="1",le="0.01"} ${requests / 2}
nestor_request_duration_seconds_bucket{model="a",version="1",le="0.02"} ${requests}
nestor_request_duration_seconds_bucket{model="a",version="1",le="+Inf"} ${requests}
nestor_request_duration_seconds_sum{model="a",version="1"} ${requests / 100}
nestor_request_duration_seconds_count{model="a",version="1"} ${requests}
nestor_batch_rows_bucket{model="a",version="1",le="1"} 0
nestor_batch_rows_bucket{model="a",version="1",le="+Inf"} ${requests}
nestor_batch_rows_sum{model="a",version="1"} ${requests * 3}
nestor_requests_total{model="b \\"x\\"",version="1",outcome="ok"} 5
`;

const look = (at: number, ...args: Parameters<typeof exposition>): Snapshot => readSnapshot(exposition(...args), at);

describe('the figures in /metrics', () => {
  it('are read by model, with labels in their own spelling', () => {
    expect(look(0, 4).models.map(({ model, requests }) => [model, requests])).toEqual([
      ['a', 4],
      ['b "x"', 5],
    ]);
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
