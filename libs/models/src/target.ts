import type { FoundModel, FoundVersion } from './disk.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './manifest-type.ts';
import { RepositoryError } from './repository-error.ts';

export type VersionPolicy = NonNullable<Manifest['versions']>;

/** A version to serve, with a fingerprint of its files and manifest that changes with them. */
export interface Target {
  readonly version: FoundVersion;
  readonly fingerprint: string;
}

/** The versions of a model on disk to serve, by its manifest. */
export interface Targets {
  readonly manifest: Manifest;
  readonly manifestPath: string;
  /** Highest version first. */
  readonly targets: readonly Target[];
  /** Older versions on disk, highest first, if the manifest wants the latest ones. */
  readonly older: readonly Target[];
}

/** @throws RepositoryError if the model as a whole cannot be served */
export function targetsOf(found: FoundModel): Targets {
  if (found.problem !== undefined) throw new RepositoryError(found.problem);
  const manifest = found.manifest === undefined ? {} : parseManifest(found.manifest, found.manifestPath);
  const onDisk = new Map(found.versions.map((version) => [version.number, version]));
  const targetOf = (number: number): Target => {
    const version = onDisk.get(number) ?? absent(found, number);
    return { version, fingerprint: `${version.fingerprint}\0${found.manifest ?? ''}` };
  };
  const wanted = servedVersions(manifest.versions, [...onDisk.keys()]);
  const older = Array.isArray(manifest.versions) ? [] : servedVersions('all', [...onDisk.keys()]).slice(wanted.length);
  return { manifest, manifestPath: found.manifestPath, targets: wanted.map(targetOf), older: older.map(targetOf) };
}

/** The versions to serve, highest first. A list may name versions that are not on disk. */
export function servedVersions(policy: VersionPolicy | undefined, onDisk: readonly number[]): number[] {
  const descending = (Array.isArray(policy) ? [...policy] : [...onDisk]).sort((a, b) => b - a);
  if (policy === 'all' || Array.isArray(policy)) return descending;
  return descending.slice(0, policy === undefined || policy === 'latest' ? 1 : policy.latest);
}

function absent(found: FoundModel, number: number): FoundVersion {
  const there = found.versions.map((version) => version.number).join(', ');
  const problem = `${found.manifestPath} lists version ${number}, which is not on disk. The versions on disk are ${there}.`;
  return { number, path: undefined, problem, fingerprint: '' };
}
