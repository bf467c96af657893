import { describe, expect, it } from '@jest/globals';
import { memoryLimit } from './memory-limit.ts';

describe('memoryLimit', () => {
  it.each([
    ['what the cgroup limits it to', 512, 512],
    ['what the host has, where nothing is limited', 0, 4096],
    ['or the limit is beyond it', 2 ** 63, 4096],
  ])('is %s', (_, constrained, expected) => {
    expect(memoryLimit(constrained, 4096)).toBe(expected);
  });
});
