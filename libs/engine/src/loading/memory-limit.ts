import { totalmem } from 'node:os';

/** The memory that the process may use, in bytes: what its cgroup limits it to, as Kubernetes' `resources.limits.memory` does, or all that the host has. */
export function memoryLimit(constrained = process.constrainedMemory(), host = totalmem()): number {
  // Where there is no limit, systems say 0 or more than there is.
  return constrained > 0 ? Math.min(constrained, host) : host;
}
