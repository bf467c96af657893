import { totalmem } from 'node:os';

/** The bytes of memory that the process may use: its cgroup's limit, which Kubernetes sets, or else the host's. */
export function memoryLimit(constrained = process.constrainedMemory(), host = totalmem()): number {
  // Without a limit, systems report 0, or more than the host has.
  return constrained > 0 ? Math.min(constrained, host) : host;
}
