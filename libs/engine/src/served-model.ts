import { NestorError } from '#errors';
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
import { type ModelStatus, taskOf, type VersionStatus } from './model-status.ts';
import type { ModelVersion } from './model-version.ts';

const RETRY_AFTER_SECONDS = 5;

/** What a served model needs from outside: a way to load, and someone to tell of its changes. */
export interface ModelSurroundings {
  load(manifest: Manifest, manifestPath: string, version: FoundVersion): Promise<ModelVersion>;
  loaded(version: ModelVersion): void;
  /** @param version "" where the model as a whole is meant */
  failed(version: string, reason: string): void;
  unloaded(version: ModelVersion): void;
}

interface Failure {
  readonly reason: string;
  /** What the files were that failed: they are tried again when they are others. */
  readonly fingerprint: string;
}

/**
 * A model's versions that are served, and how they come and go. New versions are loaded beside the old ones and take
 * over all at once; where one of them fails, nothing that is served goes away. One change at a time: the repository sees
 * to that.
 */
export class ServedModel {
  readonly name: string;
  readonly #surroundings: ModelSurroundings;
  #served: readonly ModelVersion[] = [];
  #manifest: Manifest = {};
  /** What the files of each served version were when it was loaded. */
  readonly #fingerprints = new WeakMap<ModelVersion, string>();
  readonly #failures = new Map<number, Failure>();
  /** Of the model as a whole. */
  #failure: Failure | undefined;
  readonly #loading = new Set<number>();
  readonly #unloading = new Map<ModelVersion, Promise<void>>();
  #wanted = true;

  constructor(name: string, surroundings: ModelSurroundings) {
    this.name = name;
    this.#surroundings = surroundings;
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
        `${this.name} has no version ${clip(version ?? '')}; it serves ${served}.`,
      );
    }
    const loading = this.#loading.size > 0 ? 'is being loaded' : 'could not be loaded';
    return new NestorError('MODEL_NOT_READY', `${this.name} ${this.#wanted ? loading : 'was unloaded'}.`, soon);
  }

  status(): ModelStatus {
    const latest = this.#served[0];
    const manifest = latest?.manifest ?? this.#manifest;
    return {
      name: this.name,
      ...(manifest.title !== undefined && { title: manifest.title }),
      ...(manifest.description !== undefined && { description: manifest.description }),
      task: taskOf(manifest, latest),
      versions: this.#statuses(),
      served: this.#served,
      ...(this.#failure && { reason: this.#failure.reason }),
    };
  }

  /** Of several states of one version the one that matters most is told: that it answers, or soon will. */
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
   * Brings what is served in line with what lies on disk: only what changed is loaded, and what failed is tried again
   * only where its files changed. A model that was unloaded stays so.
   */
  async update(found: FoundModel): Promise<void> {
    if (this.#wanted) await this.#reconcile(found, false);
  }

  /**
   * Loads what is to be served anew, whether it changed or not.
   * @throws RepositoryError where any of it failed
   */
  async reload(found: FoundModel): Promise<void> {
    this.#wanted = true;
    await this.#reconcile(found, true);
    const failures = [this.#failure, ...this.#failures.values()].filter((failure) => failure !== undefined);
    if (failures.length > 0) throw new RepositoryError(failures.map((failure) => failure.reason).join(' '));
  }

  /** Serves nothing from now on; memory is freed after the last leases. */
  unload(): void {
    this.#wanted = false;
    this.#failures.clear();
    this.#failure = undefined;
    this.#serve([]);
  }

  /** Resolves once the memory of everything that is served no more is freed. */
  async unloaded(): Promise<void> {
    await Promise.all(this.#unloading.values());
  }

  async #reconcile(found: FoundModel, anew: boolean): Promise<void> {
    const read = this.#read(found, anew);
    if (read === undefined) return;
    const { manifest, targets } = read;
    this.#manifest = manifest;
    for (const number of this.#failures.keys()) {
      if (!targets.some((target) => target.version.number === number)) this.#failures.delete(number);
    }
    const next: ModelVersion[] = [];
    const loaded: ModelVersion[] = [];
    for (const target of targets) {
      const same = anew ? undefined : this.#unchanged(target);
      const version = same ?? (await this.#tryLoad(target, manifest, found.manifestPath, anew));
      if (version === undefined) continue;
      this.#failures.delete(target.version.number);
      next.push(version);
      if (same === undefined) loaded.push(version);
    }
    // A failure changes nothing that is served: what was to give way to the version that failed stays.
    const replaced = new Set(next.map((version) => version.version));
    const staying = this.#failures.size === 0 ? [] : this.#served.filter((version) => !replaced.has(version.version));
    this.#serve([...next, ...staying].sort((a, b) => Number(b.version) - Number(a.version)));
    for (const version of loaded) this.#surroundings.loaded(version);
  }

  /** What is to be served; undefined where that cannot be told, or was tried before. */
  #read(found: FoundModel, anew: boolean): Targets | undefined {
    const fingerprint = fingerprintOf(found);
    if (!anew && this.#failure?.fingerprint === fingerprint) return undefined;
    try {
      const targets = targetsOf(found);
      this.#failure = undefined;
      return targets;
    } catch (error) {
      const { message: reason } = error as Error;
      this.#failure = { reason, fingerprint };
      this.#surroundings.failed('', reason);
      return undefined;
    }
  }

  #unchanged({ version, fingerprint }: Target): ModelVersion | undefined {
    const isSame = (one: ModelVersion): boolean =>
      one.version === `${version.number}` && this.#fingerprints.get(one) === fingerprint;
    return this.#served.find(isSame);
  }

  async #tryLoad(
    target: Target,
    manifest: Manifest,
    manifestPath: string,
    anew: boolean,
  ): Promise<ModelVersion | undefined> {
    const { version, fingerprint } = target;
    if (!anew && this.#failures.get(version.number)?.fingerprint === fingerprint) return undefined;
    this.#loading.add(version.number);
    try {
      if (version.problem !== undefined) throw new RepositoryError(version.problem);
      const loaded = await this.#surroundings.load(manifest, manifestPath, version);
      this.#fingerprints.set(loaded, fingerprint);
      return loaded;
    } catch (error) {
      const { message: reason } = error as Error;
      this.#failures.set(version.number, { reason, fingerprint });
      this.#surroundings.failed(`${version.number}`, reason);
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
        this.#surroundings.unloaded(version);
      });
      this.#unloading.set(version, closed);
    }
  }
}

/** A client's text, cut to a length fit for a message. */
function clip(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
