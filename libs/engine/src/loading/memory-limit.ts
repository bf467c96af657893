import { totalmem } from 'node:os';
import { RepositoryError } from '#models';
import type { ModelSource } from '#onnx';

/** The bytes of memory that the process may use: its cgroup's limit, which Kubernetes sets, or else the host's. */
export function memoryLimit(constrained = process.constrainedMemory(), host = totalmem()): number {
  // Without a limit, systems report 0, or more than the host has.
  return constrained > 0 ? Math.min(constrained, host) : host;
}

/**
 * Prevents a load that would end the process. Mapped weights are not counted, because the system can drop their pages.
 *
 * @param limit bytes that the process may use
 * @throws RepositoryError if a model is larger than the memory that is left
 */
export function requireRoom(
  { path, size, externalData }: Pick<ModelSource, 'path' | 'size' | 'externalData'>,
  limit: number,
  used = process.memoryUsage.rss(),
): void {
  const left = Math.max(0, limit - used);
  if (externalData === 'mapped' || size <= left) return;
  const inMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new RepositoryError(
    `${path}: the model takes at least ${inMiB(size)} of memory, and ${inMiB(left)} of the limit of ${inMiB(limit)} are left. ` +
      'Raise the memory limit, or unload another model first.',
  );
}
