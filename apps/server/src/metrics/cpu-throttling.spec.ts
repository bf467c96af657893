import { describe, expect, it } from '@jest/globals';
import { parseThrottling } from './cpu-throttling.ts';

describe('parseThrottling', () => {
  it('reads cgroup v2', () => {
    const text = 'usage_usec 4000000\nuser_usec 1\nnr_periods 120\nnr_throttled 30\nthrottled_usec 2500000\n';
    expect(parseThrottling(text)).toEqual({ periods: 120, throttledPeriods: 30, throttledSeconds: 2.5 });
  });

  it('reads cgroup v1', () => {
    const text = 'nr_periods 120\nnr_throttled 30\nthrottled_time 2500000000\n';
    expect(parseThrottling(text)).toEqual({ periods: 120, throttledPeriods: 30, throttledSeconds: 2.5 });
  });

  it('knows nothing where no limit is set', () => {
    expect(parseThrottling('usage_usec 4000000\nuser_usec 1\nsystem_usec 2\n')).toBeUndefined();
  });
});
