import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** How much CPU time the process may use, in CPUs, and where the limit is set, for the start-up log. */
export interface CpuLimit {
  readonly cpus: number;
  readonly source: string;
}

/** The contents of the cgroup's files, as far as they exist. */
export interface CgroupFiles {
  /** cgroup v2: "max 100000" or "50000 100000". */
  readonly cpuMax?: string | undefined;
  /** cgroup v1: microseconds per period, -1 for no limit. */
  readonly cfsQuota?: string | undefined;
  readonly cfsPeriod?: string | undefined;
}

/**
 * The CPU limit in the cgroup's files, which Kubernetes' `resources.limits.cpu` sets, or the host's CPUs if these are
 * fewer or there is no limit. Node's own count includes cores that the container may not use.
 *
 * Source: Linux, admin-guide/cgroup-v2.rst (cpu.max) and scheduler/sched-bwc.rst (cpu.cfs_quota_us).
 */
export function cpuLimit(files: CgroupFiles, hostCpus: number): CpuLimit {
  const [quotaV2, periodV2] = (files.cpuMax ?? '').trim().split(/\s+/);
  const v2 = ratio(quotaV2, periodV2);
  const limit = v2 ?? ratio(files.cfsQuota, files.cfsPeriod);
  if (limit === undefined || limit >= hostCpus)
    return { cpus: hostCpus, source: 'the CPUs of the host; no lower limit is set' };
  return { cpus: limit, source: v2 === undefined ? 'cpu.cfs_quota_us of cgroup v1' : 'cpu.max of cgroup v2' };
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const value = Number(quota) / Number(period);
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

/** The process's own limit; see `cpuLimit`. The paths are fixed, since a container sees its own cgroup as the root. */
export async function readCpuLimit(root = '/sys/fs/cgroup'): Promise<CpuLimit> {
  const read = (path: string): Promise<string | undefined> => readFile(join(root, path), 'utf8').catch(() => undefined);
  const [cpuMax, cfsQuota, cfsPeriod] = await Promise.all([
    read('cpu.max'),
    read('cpu/cpu.cfs_quota_us'),
    read('cpu/cpu.cfs_period_us'),
  ]);
  return cpuLimit({ cpuMax, cfsQuota, cfsPeriod }, availableParallelism());
}
