import { EventEmitter } from 'node:events';
import { NestorError } from '#errors';
import { type CpuLimit, readCpuLimit } from './cpu-limit.ts';
import { findModels, type FoundModel, type FoundVersion } from './disk.ts';
import { loadVersion, type VersionOptions } from './load-version.ts';
import type { ModelVersion } from './model-version.ts';
import { RepositoryError } from './repository-error.ts';
import { type ModelStatus, ServedModel } from './served-model.ts';

/** Served at /predict where there are several models and no other was named. */
const CUSTOMARY_DEFAULT = 'housing';
const MAX_LISTED = 10;

export interface RepositoryOptions extends VersionOptions {
  /** A folder of models, a model's folder, or an .onnx file. */
  readonly path: string;
  readonly defaultModel?: string | undefined;
}

/** What happens to models, for the log and the metrics. `version` is "" where a model as a whole failed. */
export interface RepositoryEvents {
  loaded: [{ name: string; version: string; loadMs: number; model: ModelVersion }];
  failed: [{ name: string; version: string; reason: string }];
  /** Its memory is freed; the same version may be served from another load. */
  unloaded: [{ name: string; version: string }];
}

/** The models that are served, from where they lie on disk. */
export class ModelRepository extends EventEmitter<RepositoryEvents> {
  /** The CPU limit found, from which workers are counted. */
  readonly cpuLimit: CpuLimit;
  readonly #options: RepositoryOptions;
  readonly #models = new Map<string, ServedModel>();
  #defaultModel: string | undefined;
  #opened = false;
  #closed: Promise<void> | undefined;

  private constructor(options: RepositoryOptions, cpuLimit: CpuLimit) {
    super();
    this.#options = options;
    this.cpuLimit = cpuLimit;
  }

  /**
   * Loads all models. Any version of the default model that cannot be loaded stops the start, and so does the failure of
   * all models; another model's failure is reported in its status while the others are served.
   *
   * @param onEvent hears of the loads that take place in here
   * @throws RepositoryError
   */
  static async open(options: RepositoryOptions, listen?: (repository: ModelRepository) => void): Promise<ModelRepository> {
    const [cpuLimit, found] = await Promise.all([readCpuLimit(), findModels(options.path)]);
    const repository = new ModelRepository(options, cpuLimit);
    listen?.(repository);
    try {
      await repository.#start(found);
    } catch (error) {
      await repository.close();
      throw error;
    }
    return repository;
  }

  async #start(found: readonly FoundModel[]): Promise<void> {
    const { defaultModel, path } = this.#options;
    const names = found.map((model) => model.name);
    if (defaultModel !== undefined && !names.includes(defaultModel)) {
      throw new RepositoryError(`DEFAULT_MODEL is ${JSON.stringify(defaultModel)}, but ${path} has no such model; it has ${listed(names)}.`);
    }
    this.#defaultModel = defaultModel ?? defaultOf(names);
    await this.#apply(found);
    const failures = this.status().map((model) => ({ name: model.name, served: model.served.length > 0, reasons: reasonsOf(model) }));
    const fatal = failures.filter(({ name, reasons, served }) => (name === this.#defaultModel ? reasons.length > 0 : !served));
    if (fatal.some(({ name }) => name === this.#defaultModel) || fatal.length === failures.length) {
      throw new RepositoryError(fatal.map(({ name, reasons }) => `The model ${name} cannot be served. ${reasons.join(' ')}`).join('\n'));
    }
    this.#opened = true;
  }

  /** The model of `POST /predict`: the one that was set, else the only one, else `housing`, else none. */
  get defaultModel(): string | undefined {
    return this.#defaultModel;
  }

  /** Whether the default model is served; without a default, whether any model is. */
  get ready(): boolean {
    if (this.#closed !== undefined) return false;
    if (this.#defaultModel !== undefined) return (this.#models.get(this.#defaultModel)?.served.length ?? 0) > 0;
    return [...this.#models.values()].some((model) => model.served.length > 0);
  }

  /**
   * A version to predict with; lease it before the next await, and release it after use.
   * @param version the highest that is served, where it is left out
   * @throws NestorError UNKNOWN_MODEL, UNKNOWN_VERSION, MODEL_NOT_READY
   */
  get(name: string, version?: string): ModelVersion {
    return this.#model(name).get(version);
  }

  status(): ModelStatus[] {
    return [...this.#models.values()].map((model) => model.status()).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws NestorError UNKNOWN_MODEL */
  statusOf(name: string): ModelStatus {
    return this.#model(name).status();
  }

  /**
   * Loads a model from what lies on disk now, beside what is served of it, and swaps it in; a model that is served
   * already is loaded anew.
   * @throws NestorError UNKNOWN_MODEL where it is not on disk; RepositoryError where it cannot be loaded
   */
  async load(name: string): Promise<void> {
    const found = (await findModels(this.#options.path)).find((model) => model.name === name);
    if (found === undefined) throw new NestorError('UNKNOWN_MODEL', `There is no model ${JSON.stringify(name)} on disk.`);
    await this.#served(name).reload(found);
  }

  /**
   * Serves a model no more, until `load`; requests under way are still answered.
   * @throws NestorError UNKNOWN_MODEL
   */
  async unload(name: string): Promise<void> {
    await this.#model(name).unload();
  }

  /**
   * Brings what is served in line with what lies on disk. What fails is reported by event and status.
   * @throws RepositoryError where the path cannot be read or holds no model; then nothing changes
   */
  async refresh(): Promise<void> {
    const found = await findModels(this.#options.path);
    await this.apply(found, found.map((model) => model.name));
  }

  /**
   * As `refresh`, with what a watcher found.
   * @param found models whose files are as they will be
   * @param present the names of all models on disk; others are served no more
   */
  async apply(found: readonly FoundModel[], present: readonly string[]): Promise<void> {
    const gone = [...this.#models.values()].filter((model) => !present.includes(model.name));
    await Promise.all(gone.map((model) => this.#remove(model)));
    await this.#apply(found);
    if (this.#defaultModel === undefined || !this.#models.has(this.#defaultModel)) {
      this.#defaultModel = this.#options.defaultModel ?? defaultOf([...this.#models.keys()]);
    }
  }

  /** One model after the other: what their runs cost is measured, which they would disturb in each other. */
  async #apply(found: readonly FoundModel[]): Promise<void> {
    for (const model of found) await this.#served(model.name).update(model);
  }

  async #remove(model: ServedModel): Promise<void> {
    await model.unload();
    this.#models.delete(model.name);
    const closing = model.close().finally(() => this.#removed.delete(closing));
    this.#removed.add(closing);
  }

  /** Models gone from disk whose last lease is not released yet. */
  readonly #removed = new Set<Promise<void>>();

  /** Serves nothing any more and frees all memory, after the last leases. May be called again. */
  close(): Promise<void> {
    this.#closed ??= Promise.all([...this.#removed, ...[...this.#models.values()].map((model) => model.close())]).then(() => undefined);
    return this.#closed;
  }

  #model(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model !== undefined) return model;
    throw new NestorError('UNKNOWN_MODEL', `There is no model ${JSON.stringify(name.slice(0, 80))}; there are ${listed([...this.#models.keys()])}.`);
  }

  #served(name: string): ServedModel {
    let model = this.#models.get(name);
    if (model === undefined) {
      model = new ServedModel(name, (source, version) => this.#load(source, version), {
        loaded: (loaded) => this.emit('loaded', { name, version: loaded.version, loadMs: loaded.timings.loadMs, model: loaded }),
        failed: (_, version, reason) => this.emit('failed', { name, version, reason }),
        unloaded: ({ version }) => this.emit('unloaded', { name, version }),
      });
      this.#models.set(name, model);
    }
    return model;
  }

  /** While others are served, a model is tried where an earlier version of it runs, or else off the event loop. */
  #load(source: { name: string; manifest: ModelVersion['manifest']; manifestPath: string }, version: FoundVersion): Promise<ModelVersion> {
    const predecessor = this.#models.get(source.name)?.served[0];
    const first = this.#opened ? (predecessor?.execution.where ?? 'pool') : 'inline';
    return loadVersion({ ...source, version: String(version.number), path: version.path! }, this.#options, this.cpuLimit.cpus, first);
  }
}

function defaultOf(names: readonly string[]): string | undefined {
  if (names.length === 1) return names[0];
  return names.includes(CUSTOMARY_DEFAULT) ? CUSTOMARY_DEFAULT : undefined;
}

function reasonsOf({ reason, versions }: ModelStatus): string[] {
  return [reason, ...versions.map((version) => version.reason)].filter((one) => one !== undefined);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
}
