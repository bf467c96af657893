import type { Manifest } from './manifest-type.ts';

export type VersionPolicy = NonNullable<Manifest['versions']>;

/** Which of the versions on disk are served, highest first. A list may name versions that are not there. */
export function servedVersions(policy: VersionPolicy | undefined, onDisk: readonly number[]): number[] {
  const descending = (Array.isArray(policy) ? [...policy] : [...onDisk]).sort((a, b) => b - a);
  if (policy === 'all' || Array.isArray(policy)) return descending;
  return descending.slice(0, policy === undefined || policy === 'latest' ? 1 : policy.latest);
}
