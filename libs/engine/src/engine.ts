import { EventEmitter } from 'node:events';
import { NestorError } from '#errors';
import type { SchedulerObserver } from '#inference';
import { findModels, type FoundModel, type FoundVersion, type Manifest, RepositoryError } from '#models';
import { type CpuLimit, readCpuLimit } from './loading/cpu-limit.ts';
import { loadVersion, type VersionOptions } from './loading/load-version.ts';
import { type ModelStatus, reasonsOf } from './model-status.ts';
import type { ModelVersion } from './model-version.ts';
import { ServedModel } from './served-model.ts';

/** Answers /predict where there are several models and none was named. */
const CUSTOMARY_DEFAULT = 'housing';
const MAX_LISTED = 10;

export interface EngineOptions {
  /** A folder of models, a model's folder, or an .onnx file. */
  readonly path: string;
  readonly defaultModel?: string | undefined;
  /** How versions are loaded: the server's settings are all of these. */
  readonly versions: VersionOptions;
  /** Makes what is told of a version's runs. */
  readonly observe?: (name: string, version: string) => SchedulerObserver;
}

/** What happens to models, for the log and the metrics. */
export interface EngineEvents {
  loaded: [{ readonly name: string; readonly version: string; readonly loadMs: number; readonly model: ModelVersion }];
  /** `version` is "" where the model as a whole failed. */
  failed: [{ readonly name: string; readonly version: string; readonly reason: string }];
  /** Its memory is freed; the same version may be served from a later load. */
  unloaded: [{ readonly name: string; readonly version: string }];
}

/** The models that are served, from where they lie on disk. Changes are made one after the other. */
export class Engine extends EventEmitter<EngineEvents> {
  /** The CPU limit found, by which workers are counted. */
  readonly cpuLimit: CpuLimit;
  readonly #options: EngineOptions;
  readonly #models = new Map<string, ServedModel>();
  /** Models gone from disk whose last lease is not released yet. */
  readonly #removed = new Set<Promise<void>>();
  #defaultModel: string | undefined;
  #started = false;
  #lastChange: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(options: EngineOptions, cpuLimit: CpuLimit) {
    super();
    this.#options = options;
    this.cpuLimit = cpuLimit;
  }

  /**
   * Loads all models. The default model stops the start where any of it that is to be served cannot be, and so does the
   * failure of all models; another model's failure is reported in its status while the others are served.
   *
   * @param listen is given the engine before anything is loaded, so that it hears of that too
   * @throws RepositoryError saying what cannot be served, and why
   */
  static async open(options: EngineOptions, listen?: (engine: Engine) => void): Promise<Engine> {
    const [cpuLimit, found] = await Promise.all([readCpuLimit(), findModels(options.path)]);
    const engine = new Engine(options, cpuLimit);
    listen?.(engine);
    try {
      await engine.#start(found);
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  async #start(found: readonly FoundModel[]): Promise<void> {
    const { defaultModel, path } = this.#options;
    const names = found.map((model) => model.name);
    if (defaultModel !== undefined && !names.includes(defaultModel)) {
      const wrong = `DEFAULT_MODEL is ${JSON.stringify(defaultModel)}, but ${path} has no such model`;
      throw new RepositoryError(`${wrong}; it has ${listed(names)}.`);
    }
    await this.apply(found, names);
    const broken = this.status().filter((model) => reasonsOf(model).length > 0);
    const fatal = broken.filter((model) => model.name === this.#defaultModel);
    const stopping = fatal.length > 0 ? fatal : this.#anyServed ? [] : broken;
    if (stopping.length > 0) {
      const sentences = stopping.map(
        (model) => `The model ${model.name} cannot be served: ${reasonsOf(model).join(' ')}`,
      );
      throw new RepositoryError(sentences.join('\n'));
    }
    this.#started = true;
  }

  /** The model of `POST /predict`: the one that was set, else the only one, else `housing`, else none. */
  get defaultModel(): string | undefined {
    return this.#defaultModel;
  }

  /** Whether the default model is served; without a default, whether any model is. */
  get ready(): boolean {
    if (this.#closed !== undefined || !this.#started) return false;
    if (this.#defaultModel === undefined) return this.#anyServed;
    return (this.#models.get(this.#defaultModel)?.served.length ?? 0) > 0;
  }

  get #anyServed(): boolean {
    return [...this.#models.values()].some((model) => model.served.length > 0);
  }

  /**
   * A version to predict with; lease it before the next await, and release it after use.
   * @param version the latest that is served, where it is left out
   * @throws NestorError UNKNOWN_MODEL, UNKNOWN_VERSION, MODEL_NOT_READY
   */
  get(name: string, version?: string): ModelVersion {
    return this.#model(name).get(version);
  }

  /** All models on disk, by name. */
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
   * @throws NestorError UNKNOWN_MODEL where it is not on disk; UNLOADABLE_MODEL where it cannot be loaded; then nothing
   * changes
   */
  load(name: string): Promise<void> {
    return this.#changeAsked(async () => {
      const found = (await findModels(this.#options.path)).find((model) => model.name === name);
      if (found === undefined) throw new NestorError('UNKNOWN_MODEL', `There is no model ${clip(name)} on disk.`);
      await this.#served(name).reload(found);
      this.#settleDefault();
    });
  }

  /**
   * Serves a model no more, until `load`; requests under way are still answered.
   * @throws NestorError UNKNOWN_MODEL
   */
  unload(name: string): Promise<void> {
    return this.#change(async () => this.#model(name).unload());
  }

  /**
   * Brings what is served in line with what lies on disk. What fails is reported by event and status.
   * @throws NestorError UNLOADABLE_MODEL where the path cannot be read or holds no model; then nothing changes
   */
  refresh(): Promise<void> {
    return this.#changeAsked(async () => {
      const found = await findModels(this.#options.path);
      await this.#apply(
        found,
        found.map((model) => model.name),
      );
    });
  }

  /**
   * As `refresh`, with what was found on disk.
   * @param found models whose files are as they are meant to be
   * @param present the names of all models on disk; others are served no more
   */
  apply(found: readonly FoundModel[], present: readonly string[]): Promise<void> {
    return this.#change(() => this.#apply(found, present));
  }

  async #apply(found: readonly FoundModel[], present: readonly string[]): Promise<void> {
    for (const model of this.#models.values()) if (!present.includes(model.name)) this.#remove(model);
    for (const model of found) {
      if (this.#closed !== undefined) return;
      await this.#served(model.name).update(model);
    }
    this.#settleDefault();
  }

  /** A default stays what it is while its model is there: /predict must not change its meaning when a model is added. */
  #settleDefault(): void {
    if (this.#defaultModel !== undefined && this.#models.has(this.#defaultModel)) return;
    const names = [...this.#models.keys()];
    this.#defaultModel = this.#options.defaultModel ?? (names.length === 1 ? names[0] : names.find(isCustomary));
  }

  #remove(model: ServedModel): void {
    this.#models.delete(model.name);
    model.unload();
    const removed = model.unloaded().finally(() => this.#removed.delete(removed));
    this.#removed.add(removed);
  }

  /** What is changed, and where that failed, does not concern the next change. */
  #change(change: () => Promise<void>): Promise<void> {
    const done = this.#lastChange.then(() => {
      if (this.#closed !== undefined) throw new RepositoryError('The models are being closed.');
      return change();
    });
    this.#lastChange = done.catch(() => undefined);
    return done;
  }

  /** Serves nothing any more, and frees all memory after the last leases. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAfterLastChange();
    return this.#closed;
  }

  async #closeAfterLastChange(): Promise<void> {
    await this.#lastChange;
    const models = [...this.#models.values()];
    for (const model of models) model.unload();
    await Promise.all([...this.#removed, ...models.map((model) => model.unloaded())]);
  }

  #model(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model !== undefined) return model;
    const there = listed([...this.#models.keys()]);
    throw new NestorError('UNKNOWN_MODEL', `There is no model ${clip(name)}; there are: ${there}.`);
  }

  /** A change that a caller asked for: what is wrong with the files is the caller's to mend. */
  async #changeAsked(change: () => Promise<void>): Promise<void> {
    try {
      await this.#change(change);
    } catch (error) {
      if (error instanceof RepositoryError) throw new NestorError('UNLOADABLE_MODEL', error.message, { cause: error });
      throw error;
    }
  }

  #served(name: string): ServedModel {
    const known = this.#models.get(name);
    if (known !== undefined) return known;
    const model = new ServedModel(name, {
      load: (manifest, manifestPath, version) => this.#load(name, manifest, manifestPath, version),
      loaded: (loaded) =>
        this.emit('loaded', { name, version: loaded.version, loadMs: loaded.timings.loadMs, model: loaded }),
      failed: (version, reason) => this.emit('failed', { name, version, reason }),
      unloaded: ({ version }) => this.emit('unloaded', { name, version }),
    });
    this.#models.set(name, model);
    return model;
  }

  /** While others are served, a model is tried where an earlier version of it runs, or else off the event loop. */
  #load(name: string, manifest: Manifest, manifestPath: string, version: FoundVersion): Promise<ModelVersion> {
    const predecessor = this.#models.get(name)?.latest;
    const first = this.#started ? (predecessor?.execution.where ?? 'pool') : 'inline';
    const source = { name, version: `${version.number}`, path: version.path!, manifest, manifestPath };
    const { versions, observe } = this.#options;
    return loadVersion(source, versions, {
      cpus: this.cpuLimit.cpus,
      first,
      observer: observe?.(name, source.version),
    });
  }
}

function isCustomary(name: string): boolean {
  return name === CUSTOMARY_DEFAULT;
}

function clip(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.slice(0, MAX_LISTED).join(', ') + (names.length > MAX_LISTED ? ', …' : '');
}
