import { describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuLimit, readCpuLimit } from './cpu-limit.ts';

describe('cpuLimit', () => {
  it.each([
    ['a quota of cgroup v2', { cpuMax: '50000 100000\n' }, { cpus: 0.5, source: 'cpu.max of cgroup v2' }],
    ['no quota in cgroup v2', { cpuMax: 'max 100000\n' }, { cpus: 8, source: expect.stringContaining('host') }],
    [
      'a quota of cgroup v1',
      { cfsQuota: '250000\n', cfsPeriod: '100000\n' },
      { cpus: 2.5, source: 'cpu.cfs_quota_us of cgroup v1' },
    ],
    [
      'no quota in cgroup v1',
      { cfsQuota: '-1\n', cfsPeriod: '100000\n' },
      { cpus: 8, source: expect.stringContaining('host') },
    ],
    ['a quota beyond the host', { cpuMax: '1600000 100000' }, { cpus: 8, source: expect.stringContaining('host') }],
    ['no cgroup', {}, { cpus: 8, source: expect.stringContaining('host') }],
    ['nonsense', { cpuMax: 'a b', cfsQuota: '', cfsPeriod: '0' }, { cpus: 8, source: expect.stringContaining('host') }],
  ])('reads %s', (_, files, expected) => {
    expect(cpuLimit(files, 8)).toEqual(expected);
  });

  it('is read from the files of the cgroup', async () => {
    const root = await mkdtemp(join(tmpdir(), 'nestor-cgroup-'));
    await mkdir(join(root, 'cpu'));
    await writeFile(join(root, 'cpu', 'cpu.cfs_quota_us'), '20000\n');
    await writeFile(join(root, 'cpu', 'cpu.cfs_period_us'), '100000\n');
    expect((await readCpuLimit(root)).cpus).toBe(0.2);
    await writeFile(join(root, 'cpu.max'), '10000 100000\n');
    expect((await readCpuLimit(root)).cpus).toBe(0.1);
    await rm(root, { recursive: true });
  });
});
