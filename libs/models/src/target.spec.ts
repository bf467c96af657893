import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { servedVersions } from './target.ts';

describe('servedVersions', () => {
  it.each([
    [undefined, [3]],
    ['latest' as const, [3]],
    [{ latest: 2 }, [3, 2]],
    [{ latest: 9 }, [3, 2, 1]],
    ['all' as const, [3, 2, 1]],
    [
      [1, 3],
      [3, 1],
    ],
    [[5], [5]],
  ])('serves by the policy %j', (policy, served) => {
    expect(servedVersions(policy, [1, 2, 3])).toEqual(served);
  });

  it('serves the highest n, highest first, whatever the order on disk', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 5 }), (onDisk, latest) => {
        const served = servedVersions({ latest }, onDisk);
        const descending = [...onDisk].sort((a, b) => b - a);
        expect(served).toEqual(descending.slice(0, latest));
      }),
    );
  });
});
