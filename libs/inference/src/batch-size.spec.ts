import { describe, expect, it } from '@jest/globals';
import { batchSize } from './batch-size.ts';
import { RunCost } from './run-cost.ts';

describe('batchSize', () => {
  it.each([
    ['as many rows as take no time that anybody notices', [[1, 0.014], [64, 0.109]], 64, 64], // prettier-ignore
    ['as many as the setting allows, however quick they are', [[1, 0.014], [64, 0.109]], 16, 16], // prettier-ignore
    ['as far as rows of a slow model are nearly free', [[1, 20], [8, 21], [64, 77]], 64, 12], // prettier-ignore
    ['one where each row takes as long', [[1, 500], [8, 4000]], 64, 1], // prettier-ignore
  ] as const)('%s', (_, points, most, rows) => {
    expect(batchSize(new RunCost(points), most)).toBe(rows);
  });
});
