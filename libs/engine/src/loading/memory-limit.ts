import { totalmem } from 'node:os';
import { RepositoryError } from '#models';
import type { ModelSource } from '#onnx';

/** The bytes of memory that the process may use: its cgroup's limit, which Kubernetes sets, or else the host's. */
export function memoryLimit(constrained = process.constrainedMemory(), host = totalmem()): number {
  // Without a limit, systems report 0, or more than the host has.
  return constrained > 0 ? Math.min(constrained, host) : host;
}

/** The runtime holds the file and its weights at the same time: 1.7 to 2.1 times the file, as measured. What may fit is tried. */
const LOAD_FACTOR = 1.7;

/**
 * Prevents a load that would end the process. Mapped weights are not counted, because the system can drop their pages.
 *
 * @param limit bytes that the process may use
 * @throws RepositoryError if loading a model takes more memory than is left
 */
export function requireRoom(
  { path, size, externalData }: Pick<ModelSource, 'path' | 'size' | 'externalData'>,
  limit: number,
  used = process.memoryUsage.rss(),
): void {
  const left = Math.max(0, limit - used);
  const needed = LOAD_FACTOR * size;
  if (externalData === 'mapped' || needed <= left) return;
  throw new RepositoryError(
    `${path}: loading the model takes at least ${inMiB(needed)} of memory, and ${inMiB(left)} of the limit of ${inMiB(limit)} are left. ` +
      'Raise the memory limit, or unload another model first.',
  );
}

export const inMiB = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
