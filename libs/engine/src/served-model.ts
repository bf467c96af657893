import { NestorError, quote } from '#errors';
import {
  fingerprintOf,
  type FoundModel,
  type FoundVersion,
  type Manifest,
  RepositoryError,
  type Target,
  type Targets,
  targetsOf,
} from '#models';
import { ChangeQueue } from './change-queue.ts';
import { type ModelStatus, taskOf, type VersionStatus } from './model-status.ts';
import type { ModelVersion } from './model-version.ts';

const RETRY_AFTER_SECONDS = 5;

/** What a served model needs: a way to load, and listeners for its changes. */
export interface ModelSurroundings {
  load(manifest: Manifest, manifestPath: string, version: FoundVersion): Promise<ModelVersion>;
  loaded(version: ModelVersion): void;
  /** @param version "" for the model as a whole */
  failed(version: string, reason: string): void;
  /** A reason that callers may see: paths begin in the models folder, not at the root of this machine. */
  withoutFolder(reason: string): string;
  unloaded(version: ModelVersion): void;
  /** Whether an older version is served while none of those wanted has loaded. */
  readonly fallsBack: boolean;
}

interface Failure {
  /** A text that callers may see. */
  readonly reason: string;
  /** The fingerprint of the files that failed. They are tried again after it changes. */
  readonly fingerprint: string;
}

/**
 * The served versions of a model, and their changes. New versions are loaded beside the old ones, and replace them all
 * at once. If one of them fails, nothing changes. Changes happen one at a time.
 */
export class ServedModel {
  readonly name: string;
  readonly #surroundings: ModelSurroundings;
  #served: readonly ModelVersion[] = [];
  #manifest: Manifest = {};
  /** The fingerprint of each served version's files when it was loaded. */
  readonly #fingerprints = new WeakMap<ModelVersion, string>();
  readonly #failures = new Map<number, Failure>();
  /** The failure of the model as a whole. */
  #failure: Failure | undefined;
  readonly #loading = new Set<number>();
  readonly #unloading = new Map<ModelVersion, Promise<void>>();
  readonly #changes = new ChangeQueue();
  #folder: string | undefined;
  #wanted = true;
  #closed = false;

  constructor(name: string, surroundings: ModelSurroundings) {
    this.name = name;
    this.#surroundings = surroundings;
  }

  /** The served versions, highest first. */
  get served(): readonly ModelVersion[] {
    return this.#served;
  }

  /** The version for requests that name none. */
  get latest(): ModelVersion | undefined {
    return this.#served[0];
  }

  /**
   * @param version the latest served version if left out
   * @throws NestorError MODEL_NOT_READY, UNKNOWN_VERSION; UNKNOWN_MODEL if it was unloaded on request
   */
  get(version?: string): ModelVersion {
    const found = version === undefined ? this.latest : this.#served.find((served) => served.version === version);
    if (found === undefined) throw this.#notServed(version);
    return found;
  }

  #notServed(version: string | undefined): NestorError {
    const soon = { retryAfterSeconds: RETRY_AFTER_SECONDS };
    const known = this.#statuses().find((status) => status.version === version);
    if (known)
      return new NestorError('MODEL_NOT_READY', `Version ${known.version} of ${this.name} is ${known.state}.`, soon);
    if (this.#served.length > 0) {
      const served = this.#served.map((one) => one.version).join(', ');
      return new NestorError(
        'UNKNOWN_VERSION',
        `${this.name} has no version ${quote(version ?? '')}; it serves ${served}.`,
      );
    }
    // Another server, or this one after a restart, may have it.
    if (this.#closed) return new NestorError('MODEL_NOT_READY', `${this.name} is closed.`, soon);
    const isLoading = this.#loading.size > 0;
    if (!isLoading && !this.#wanted && this.#failure === undefined && this.#failures.size === 0)
      return new NestorError('UNKNOWN_MODEL', `${this.name} was unloaded, and is not served until it is loaded again.`);
    const [reason] = isLoading ? [] : this.#reasons;
    const why = isLoading ? 'is being loaded.' : `could not be loaded${reason === undefined ? '.' : `: ${reason}`}`;
    return new NestorError('MODEL_NOT_READY', `${this.name} ${why}`, soon);
  }

  /** Why what failed did. */
  get #reasons(): readonly string[] {
    return [this.#failure, ...this.#failures.values()].flatMap((failure) => failure?.reason ?? []);
  }

  status(): ModelStatus {
    const { latest } = this;
    const manifest = latest?.manifest ?? this.#manifest;
    return {
      name: this.name,
      ...(manifest.title !== undefined && { title: manifest.title }),
      ...(manifest.description !== undefined && { description: manifest.description }),
      task: taskOf(manifest, latest),
      versions: this.#statuses(),
      served: this.#served,
      latest,
      ...(this.#failure && { reason: this.#failure.reason }),
      folder: this.#folder,
    };
  }

  /** If a version has several states, the most useful one for callers: it is served, or soon will be. */
  #statuses(): VersionStatus[] {
    const statuses = new Map<string, VersionStatus>();
    for (const { version } of this.#unloading.keys()) statuses.set(version, { version, state: 'unloading' });
    for (const [number, { reason }] of this.#failures)
      statuses.set(`${number}`, { version: `${number}`, state: 'failed', reason });
    for (const number of this.#loading) statuses.set(`${number}`, { version: `${number}`, state: 'loading' });
    for (const { version } of this.#served) {
      const reason = this.#failures.get(Number(version))?.reason;
      statuses.set(version, { version, state: 'ready', ...(reason !== undefined && { reason }) });
    }
    return [...statuses.values()].sort((a, b) => Number(b.version) - Number(a.version));
  }

  /**
   * Serves what is on disk: loads only what changed, and tries a failed version again only if its files changed. If
   * nothing is served yet, it serves whatever loads; otherwise all versions or none, as in `reload`. An unloaded model
   * stays unloaded.
   */
  update(found: FoundModel): Promise<void> {
    return this.#changes.add(() => this.#update(found));
  }

  async #update(found: FoundModel): Promise<void> {
    if (this.#closed || !this.#wanted || this.#failure?.fingerprint === fingerprintOf(found)) return;
    const read = this.#read(found);
    if (read === undefined) return;
    const untried = read.targets.filter((target) => !this.#failedBefore(target));
    const isServed = this.#served.length > 0;
    // Versions that failed before prevent a change, so that loading the others would be useless.
    if (isServed && untried.length < read.targets.length) return;
    const next = await this.#load(read, untried, (target) => this.#unchanged(target));
    if (isServed && this.#failures.size > 0) await this.#discard(next);
    else if (next.length > 0 || untried.length === 0) this.#takeOver(next);
    else this.#takeOver(this.#surroundings.fallsBack ? await this.#loadOlder(read) : []);
  }

  /** The newest older version that loads, if any. */
  async #loadOlder(read: Targets): Promise<readonly ModelVersion[]> {
    for (const target of read.older) {
      const version = await this.#tryLoad(target, read.manifest, read.manifestPath);
      if (version !== undefined) return [version];
    }
    return [];
  }

  /**
   * Loads every version to be served again, changed or not.
   * @throws RepositoryError if any of them fails; then what is served does not change
   */
  reload(found: FoundModel): Promise<void> {
    return this.#changes.add(() => this.#reload(found));
  }

  async #reload(found: FoundModel): Promise<void> {
    if (this.#closed) throw new RepositoryError(`${this.name} is being unloaded.`);
    const read = this.#read(found);
    const next = read === undefined ? [] : await this.#load(read, read.targets, () => undefined);
    const reasons = this.#reasons;
    if (reasons.length > 0) {
      await this.#discard(next);
      throw new RepositoryError(reasons.join(' '));
    }
    this.#wanted = true;
    this.#takeOver(next);
  }

  /** Unloads all versions. Frees their memory after the last leases. */
  unload(): Promise<void> {
    return this.#changes.add(() => {
      this.#wanted = false;
      this.#failures.clear();
      this.#failure = undefined;
      this.#takeOver([]);
    });
  }

  /** Unloads all versions for good. Resolves once their memory is freed. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.unload();
    await Promise.all(this.#unloading.values());
  }

  /** The versions to serve; undefined if the manifest is invalid. Drops failures of versions no longer wanted. */
  #read(found: FoundModel): Targets | undefined {
    this.#folder = found.folder;
    try {
      const read = targetsOf(found);
      this.#failure = undefined;
      this.#manifest = read.manifest;
      const numbers = new Set(read.targets.map(({ version }) => version.number));
      for (const number of this.#failures.keys()) if (!numbers.has(number)) this.#failures.delete(number);
      return read;
    } catch (error) {
      this.#failure = this.#failureOf('', error as Error, fingerprintOf(found));
      return undefined;
    }
  }

  /** Records a failure, and reports it in full to the operator. */
  #failureOf(version: string, { message }: Error, fingerprint: string): Failure {
    this.#surroundings.failed(version, message);
    return { reason: this.#surroundings.withoutFolder(message), fingerprint };
  }

  #failedBefore({ version, fingerprint }: Target): boolean {
    return this.#failures.get(version.number)?.fingerprint === fingerprint;
  }

  /** The targets, newly loaded or already served. Records and reports each failure. */
  async #load(
    { manifest, manifestPath }: Targets,
    targets: readonly Target[],
    reuse: (target: Target) => ModelVersion | undefined,
  ): Promise<readonly ModelVersion[]> {
    const versions: ModelVersion[] = [];
    for (const target of targets) {
      const version = reuse(target) ?? (await this.#tryLoad(target, manifest, manifestPath));
      if (version !== undefined) versions.push(version);
    }
    return versions;
  }

  #unchanged({ version, fingerprint }: Target): ModelVersion | undefined {
    const isSame = (one: ModelVersion): boolean =>
      one.version === `${version.number}` && this.#fingerprints.get(one) === fingerprint;
    return this.#served.find(isSame);
  }

  async #tryLoad(
    { version, fingerprint }: Target,
    manifest: Manifest,
    manifestPath: string,
  ): Promise<ModelVersion | undefined> {
    this.#loading.add(version.number);
    try {
      if (version.problem !== undefined) throw new RepositoryError(version.problem);
      const loaded = await this.#surroundings.load(manifest, manifestPath, version);
      this.#fingerprints.set(loaded, fingerprint);
      this.#failures.delete(version.number);
      return loaded;
    } catch (error) {
      this.#failures.set(version.number, this.#failureOf(`${version.number}`, error as Error, fingerprint));
      return undefined;
    } finally {
      this.#loading.delete(version.number);
    }
  }

  /** Frees loaded versions that will not be served. */
  async #discard(next: readonly ModelVersion[]): Promise<void> {
    await Promise.all(next.filter((version) => !this.#served.includes(version)).map((version) => version.close()));
  }

  /** Replaces the served versions in one step. Closes the replaced ones after their last leases. */
  #takeOver(next: readonly ModelVersion[]): void {
    const before = this.#served;
    this.#served = next;
    for (const version of before) if (!next.includes(version)) this.#release(version);
    for (const version of next) if (!before.includes(version)) this.#surroundings.loaded(version);
  }

  #release(version: ModelVersion): void {
    const closed = version.close().finally(() => {
      this.#unloading.delete(version);
      this.#surroundings.unloaded(version);
    });
    this.#unloading.set(version, closed);
  }
}
