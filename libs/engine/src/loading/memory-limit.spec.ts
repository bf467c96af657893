import { describe, expect, it } from '@jest/globals';
import { memoryLimit, requireRoom } from './memory-limit.ts';

describe('memoryLimit', () => {
  it.each([
    ['what the cgroup limits it to', 512, 512],
    ['what the host has, where nothing is limited', 0, 4096],
    ['or the limit is beyond it', 2 ** 63, 4096],
  ])('is %s', (_, constrained, expected) => {
    expect(memoryLimit(constrained, 4096)).toBe(expected);
  });
});

describe('room for a model', () => {
  const MiB = 2 ** 20;
  const model = { path: 'm/1/model.onnx', size: 100 * MiB, externalData: 'none' } as const;

  it('is there as long as 1.7 times the file fits into what is left of the limit', () => {
    expect(() => requireRoom(model, 512 * MiB, 342 * MiB)).not.toThrow();
    expect(() => requireRoom(model, Infinity)).not.toThrow();
    expect(() => requireRoom({ ...model, externalData: 'mapped' }, 512 * MiB, 500 * MiB)).not.toThrow();
  });

  it('is missing beyond that, which says how much', () => {
    expect(() => requireRoom(model, 512 * MiB, 350 * MiB)).toThrow(
      'm/1/model.onnx: loading the model takes at least 170 MiB of memory, and 162 MiB of the limit of 512 MiB are left. ' +
        'Raise the memory limit, or unload another model first.',
    );
  });
});
