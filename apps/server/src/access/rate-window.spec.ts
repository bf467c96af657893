import { describe, expect, it } from '@jest/globals';
import { RateWindow } from './rate-window.ts';

describe('RateWindow', () => {
  it('lets each client send so many requests in a minute, and then says how long to wait', () => {
    const window = new RateWindow(2);
    expect([window.take('a', 0), window.take('a', 10_000), window.take('a', 20_500)]).toEqual([0, 0, 40]);
    expect(window.take('b', 20_500)).toBe(0);
    expect(window.take('a', 59_999)).toBe(1);
    expect([window.take('a', 60_000), window.take('a', 60_001), window.take('a', 60_002)]).toEqual([0, 0, 60]);
  });

  it('forgets the oldest clients of very many', () => {
    const window = new RateWindow(1);
    expect(window.take('first', 0)).toBe(0);
    for (let client = 0; client < 10_000; client += 1) window.take(String(client), 1);
    expect(window.take('9999', 2)).toBeGreaterThan(0);
    expect(window.take('first', 2)).toBe(0);
  });
});
