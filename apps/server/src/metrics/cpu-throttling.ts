import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from './metrics-registry.ts';

/** The files of cgroup v2 and v1: a container sees its own group as the root. */
const STAT_FILES = ['/sys/fs/cgroup/cpu.stat', '/sys/fs/cgroup/cpu/cpu.stat'];

/** How often and for how long the kernel throttled the process at its CPU limit. */
export interface Throttling {
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledSeconds: number;
}

/**
 * Reads a cgroup's `cpu.stat`; undefined if it counts no periods, which means that no limit is set.
 * Source: Linux, admin-guide/cgroup-v2.rst (`throttled_usec`) and scheduler/sched-bwc.rst (v1: `throttled_time`, in ns).
 */
export function parseThrottling(text: string): Throttling | undefined {
  const values = new Map(text.split('\n').map((line) => line.split(' ') as [string, string]));
  const periods = Number(values.get('nr_periods'));
  if (!values.has('nr_periods')) return undefined;
  const throttledPeriods = Number(values.get('nr_throttled') ?? 0);
  const microseconds = values.get('throttled_usec');
  const throttledSeconds =
    microseconds === undefined ? Number(values.get('throttled_time') ?? 0) / 1e9 : Number(microseconds) / 1e6;
  return { periods, throttledPeriods, throttledSeconds };
}

function readThrottling(): Throttling | undefined {
  for (const path of STAT_FILES) {
    try {
      return parseThrottling(readFileSync(path, 'utf8'));
    } catch {
      // The system has another version of cgroups, or none.
    }
  }
  return undefined;
}

/** CPU throttling from the cgroup, read at each scrape. Without a CPU limit the metrics have no values. */
@Injectable()
export class CpuThrottling {
  constructor({ registry }: MetricsRegistry) {
    const counter = (name: string, help: string, value: (throttling: Throttling) => number) =>
      new Counter({
        name,
        help,
        registers: [registry],
        collect() {
          this.reset();
          const throttling = readThrottling();
          if (throttling !== undefined) this.inc(value(throttling));
        },
      });
    counter('nestor_cpu_periods_total', 'Periods in which the CPU limit was applied.', ({ periods }) => periods);
    counter(
      'nestor_cpu_throttled_periods_total',
      'Periods in which the process was held up because it had used its CPU limit.',
      ({ throttledPeriods }) => throttledPeriods,
    );
    counter(
      'nestor_cpu_throttled_seconds_total',
      'Time that the process was held up at its CPU limit.',
      ({ throttledSeconds }) => throttledSeconds,
    );
  }
}
