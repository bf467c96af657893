import { NestorError } from '#errors';
import type { FoundModel, FoundVersion } from './disk.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './manifest-type.ts';
import type { ModelVersion } from './model-version.ts';
import { RepositoryError } from './repository-error.ts';
import { servedVersions } from './version-policy.ts';

export type VersionState = 'loading' | 'ready' | 'unloading' | 'failed';

export interface VersionStatus {
  readonly version: string;
  readonly state: VersionState;
  /** Why it failed; for a version that is ready, why its changed files could not be loaded. */
  readonly reason?: string;
}

export interface ModelStatus {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly task: NonNullable<Manifest['task']>;
  /** Every version known, highest first. */
  readonly versions: readonly VersionStatus[];
  /** The versions that answer, highest first: the first is the default one. */
  readonly served: readonly ModelVersion[];
  /** Why the model as a whole, or its latest change, cannot be served. */
  readonly reason?: string;
}

/** What a served model tells of its changes. */
export interface ModelObserver {
  loaded(version: ModelVersion): void;
  /** @param version "" where the model as a whole is meant */
  failed(name: string, version: string, reason: string): void;
  unloaded(version: ModelVersion): void;
}

export type LoadVersion = (model: { name: string; manifest: Manifest; manifestPath: string }, version: FoundVersion) => Promise<ModelVersion>;

interface Failure {
  readonly reason: string;
  readonly fingerprint: string;
}

/** One version that the policy wants served, with what its files were. */
interface Target {
  readonly version: FoundVersion;
  readonly fingerprint: string;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * A model's versions that are served, and how they come and go. Changes are made one after the other. New versions are
 * loaded beside the old ones and take over all at once; where one of them fails, nothing that is served goes away.
 */
export class ServedModel {
  readonly name: string;
  readonly #load: LoadVersion;
  readonly #observer: ModelObserver;
  #served: readonly ModelVersion[] = [];
  /** What the files of each served version were when it was loaded. */
  readonly #fingerprints = new WeakMap<ModelVersion, string>();
  readonly #failed = new Map<number, Failure>();
  #failure: Failure | undefined;
  readonly #loading = new Set<number>();
  readonly #unloading = new Map<ModelVersion, Promise<void>>();
  #manifest: Manifest = {};
  #wanted = true;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(name: string, load: LoadVersion, observer: ModelObserver) {
    this.name = name;
    this.#load = load;
    this.#observer = observer;
  }

  /** The versions that answer, highest first. */
  get served(): readonly ModelVersion[] {
    return this.#served;
  }

  /**
   * @param version the highest that is served, where it is left out
   * @throws NestorError MODEL_NOT_READY, UNKNOWN_VERSION
   */
  get(version?: string): ModelVersion {
    const found = version === undefined ? this.#served[0] : this.#served.find((served) => served.version === version);
    return found ?? this.#absent(version);
  }

  #absent(version: string | undefined): never {
    const served = this.#served.map((one) => one.version).join(', ');
    const known = version === undefined ? undefined : this.#versionStatus(Number(version));
    if (version !== undefined && String(Number(version)) === version && known !== undefined) {
      throw new NestorError('MODEL_NOT_READY', `Version ${version} of ${this.name} is ${known.state}.`, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    if (served !== '') throw new NestorError('UNKNOWN_VERSION', `${this.name} has no version ${JSON.stringify(version)}; served: ${served}.`);
    const why = this.#wanted ? (this.#loading.size > 0 ? 'is being loaded' : 'could not be loaded') : 'was unloaded';
    throw new NestorError('MODEL_NOT_READY', `${this.name} ${why}.`, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }

  status(): ModelStatus {
    const numbers = new Set([...this.#served, ...this.#unloading.keys()].map((version) => Number(version.version)));
    for (const number of [...this.#loading, ...this.#failed.keys()]) numbers.add(number);
    const versions = [...numbers].sort((a, b) => b - a).map((number) => this.#versionStatus(number)!);
    const { title, description } = this.#manifest;
    return {
      name: this.name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      task: taskOf(this.#manifest),
      versions,
      served: this.#served,
      ...(this.#failure && { reason: this.#failure.reason }),
    };
  }

  #versionStatus(number: number): VersionStatus | undefined {
    const version = String(number);
    const is = (one: ModelVersion): boolean => one.version === version;
    const failure = this.#failed.get(number);
    const reason = failure && { reason: failure.reason };
    if (this.#served.some(is)) return { version, state: 'ready', ...reason };
    if (this.#loading.has(number)) return { version, state: 'loading' };
    if (failure !== undefined) return { version, state: 'failed', ...reason };
    return [...this.#unloading.keys()].some(is) ? { version, state: 'unloading' } : undefined;
  }

  /**
   * Brings what is served in line with what lies on disk: only what changed is loaded, and what failed is tried again
   * only where its files changed. A model that was unloaded stays so.
   */
  update(found: FoundModel): Promise<void> {
    return this.#change(async () => {
      if (this.#wanted) await this.#reconcile(found, false);
    });
  }

  /**
   * Loads what is to be served anew, whether it changed or not.
   * @throws RepositoryError where any of it failed
   */
  reload(found: FoundModel): Promise<void> {
    return this.#change(async () => {
      this.#wanted = true;
      await this.#reconcile(found, true);
      const reasons = [this.#failure, ...this.#failed.values()].filter((failure) => failure !== undefined);
      if (reasons.length > 0) throw new RepositoryError(reasons.map((failure) => failure.reason).join(' '));
    });
  }

  /** Serves nothing any more, from the next request on; resolves before the last lease is released. */
  unload(): Promise<void> {
    return this.#change(async () => {
      this.#wanted = false;
      this.#failed.clear();
      this.#failure = undefined;
      this.#serve([]);
    });
  }

  /** Unloads and waits until all memory is freed. */
  async close(): Promise<void> {
    await this.unload();
    await Promise.all(this.#unloading.values());
  }

  /** What changed or failed meanwhile does not concern the next change. */
  #change(change: () => Promise<void>): Promise<void> {
    const done = this.#lastChange.then(change);
    this.#lastChange = done.catch(() => undefined);
    return done;
  }

  async #reconcile(found: FoundModel, anew: boolean): Promise<void> {
    const read = this.#read(found, anew);
    if (read === undefined) return;
    const { manifest, targets } = read;
    const kept: ModelVersion[] = [];
    const loaded: ModelVersion[] = [];
    for (const number of this.#failed.keys()) if (!targets.some((target) => target.version.number === number)) this.#failed.delete(number);
    for (const target of targets) {
      const same = anew ? undefined : this.#served.find((version) => version.version === String(target.version.number) && this.#fingerprints.get(version) === target.fingerprint);
      if (same !== undefined) {
        kept.push(same);
        this.#failed.delete(target.version.number);
        continue;
      }
      const version = await this.#tryLoad(target, manifest, found.manifestPath, anew);
      if (version !== undefined) loaded.push(version);
    }
    const next = [...kept, ...loaded];
    // A failure changes nothing that is served: what was to give way to the version that failed stays.
    const staying = this.#failed.size === 0 ? [] : this.#served.filter((version) => !next.some((one) => one.version === version.version));
    this.#manifest = manifest;
    this.#serve([...next, ...staying].sort((a, b) => Number(b.version) - Number(a.version)));
    for (const version of loaded) this.#observer.loaded(version);
  }

  /** The manifest and what it wants served; undefined where that cannot be told, which is noted. */
  #read(found: FoundModel, anew: boolean): { manifest: Manifest; targets: Target[] } | undefined {
    const fingerprint = [found.manifest ?? '', found.problem ?? '', ...found.versions.map((version) => version.fingerprint)].join('\0');
    if (!anew && this.#failure?.fingerprint === fingerprint) return undefined;
    try {
      if (found.problem !== undefined) throw new RepositoryError(found.problem);
      const manifest = found.manifest === undefined ? {} : parseManifest(found.manifest, found.manifestPath);
      this.#failure = undefined;
      return { manifest, targets: targetsOf(found, manifest) };
    } catch (error) {
      this.#failure = { reason: (error as Error).message, fingerprint };
      this.#observer.failed(this.name, '', this.#failure.reason);
      return undefined;
    }
  }

  async #tryLoad(target: Target, manifest: Manifest, manifestPath: string, anew: boolean): Promise<ModelVersion | undefined> {
    const { version, fingerprint } = target;
    if (!anew && this.#failed.get(version.number)?.fingerprint === fingerprint) return undefined;
    this.#loading.add(version.number);
    try {
      if (version.problem !== undefined) throw new RepositoryError(version.problem);
      const loaded = await this.#load({ name: this.name, manifest, manifestPath }, version);
      this.#fingerprints.set(loaded, fingerprint);
      this.#failed.delete(version.number);
      return loaded;
    } catch (error) {
      const reason = (error as Error).message;
      this.#failed.set(version.number, { reason, fingerprint });
      this.#observer.failed(this.name, String(version.number), reason);
      return undefined;
    } finally {
      this.#loading.delete(version.number);
    }
  }

  /** The one moment in which other versions take over; those that left are closed after their last lease. */
  #serve(next: readonly ModelVersion[]): void {
    const leaving = this.#served.filter((version) => !next.includes(version));
    this.#served = next;
    for (const version of leaving) {
      const closed = version.close().finally(() => {
        this.#unloading.delete(version);
        this.#observer.unloaded(version);
      });
      this.#unloading.set(version, closed);
    }
  }
}

function targetsOf(found: FoundModel, manifest: Manifest): Target[] {
  const onDisk = new Map(found.versions.map((version) => [version.number, version]));
  return servedVersions(manifest.versions, [...onDisk.keys()]).map((number) => {
    const version = onDisk.get(number) ?? missing(found, number);
    return { version, fingerprint: `${version.fingerprint}\0${found.manifest ?? ''}` };
  });
}

function missing(found: FoundModel, number: number): FoundVersion {
  const there = found.versions.map((version) => version.number).join(', ');
  const problem = `${found.manifestPath} asks for version ${number}, which is not there; there are ${there}.`;
  return { number, path: undefined, problem, fingerprint: '' };
}

function taskOf(manifest: Manifest): NonNullable<Manifest['task']> {
  if (manifest.task !== undefined) return manifest.task;
  if (manifest.image !== undefined) return 'image';
  if (manifest.labels !== undefined || manifest.outputs?.probabilities !== undefined) return 'classification';
  return manifest.target !== undefined ? 'regression' : 'tensor';
}
