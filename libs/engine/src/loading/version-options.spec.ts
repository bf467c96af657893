import { describe, expect, it } from '@jest/globals';
import { DEFAULT_VERSION_OPTIONS, resolveOptions, settle } from './version-options.ts';

describe('the threads and workers of a model for which nobody set them', () => {
  const options = resolveOptions({}, DEFAULT_VERSION_OPTIONS);

  it.each([
    { cpus: 0.5, intraOpThreads: 1, workers: 1 },
    { cpus: 2, intraOpThreads: 2, workers: 1 },
    { cpus: 3, intraOpThreads: 3, workers: 1 },
    { cpus: 8, intraOpThreads: 4, workers: 2 },
  ])('let one text use up to four CPUs, each of which one run uses: $cpus CPUs', ({ cpus, ...expected }) => {
    expect(settle(options, true, cpus)).toMatchObject(expected);
  });

  it('give a run of other models one thread, and each CPU a run', () => {
    expect(settle(options, false, 8)).toMatchObject({ intraOpThreads: 1, workers: 8 });
  });

  it('follow what was set', () => {
    expect(settle({ ...options, intraOpThreads: 2, workers: 3 }, true, 8)).toMatchObject({
      intraOpThreads: 2,
      workers: 3,
    });
  });
});
