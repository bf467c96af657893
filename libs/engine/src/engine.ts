import { EventEmitter } from 'node:events';
import { listed, NestorError, quote } from '#errors';
import type { SchedulerObserver } from '#inference';
import { findModels, type FoundModel, type FoundVersion, type Manifest, RepositoryError } from '#models';
import { OnnxSessions } from '#onnx';
import type { Tensors } from '#tensor';
import { type Begun, Changes } from './changes.ts';
import { describeModel, type ModelDescription } from './description.ts';
import { type CpuLimit, readCpuLimit } from './loading/cpu-limit.ts';
import { Loader } from './loading/loader.ts';
import type { VersionOptions } from './loading/version-options.ts';
import type { ModelEvents } from './model-events.ts';
import { brokenModels, type ModelStatus } from './model-status.ts';
import type { ModelVersion } from './model-version.ts';
import { callerOf, type Outputs, type Prediction, type PredictOptions, type RunOptions } from './request.ts';
import { Routing } from './routing.ts';
import { ServedModel } from './served-model.ts';
import { runOf } from './tensor-run.ts';
import { Trials } from './trial/trials.ts';
import { withoutFolder } from './without-folder.ts';

export interface EngineOptions {
  /** The model for requests that name none; by default the only one, or else `housing`, or else none. */
  readonly defaultModel?: string | undefined;
  /** How versions are loaded; the server's settings include all of these. */
  readonly versions: VersionOptions;
  /** Opens sessions; the engine has its own by default. */
  readonly sessions?: OnnxSessions;
  /**
   * `process` tries a version in a separate process before the engine loads it beside served ones, so that a version
   * that crashes or never returns fails only its own load. By default, no process is started.
   */
  readonly trial?: 'process' | 'none';
  /**
   * Whether the newest older version is served if no version to be served loads, as it is where a version breaks while
   * its predecessor is served. By default, the model is not served.
   */
  readonly fallsBack?: boolean;
  /** Creates the observer of a version's runs. */
  readonly observe?: (name: string, version: string) => SchedulerObserver;
}

/** The events of models, with the version if one was loaded. */
type EngineEvents = {
  [Event in keyof ModelEvents]: [
    Event extends 'loaded' ? ModelEvents[Event] & { readonly model: ModelVersion } : ModelEvents[Event],
  ];
};

/**
 * Loads and runs models, and follows their changes on disk. It makes the changes of one model one after the other.
 * Several engines may be open in one process, each with sessions, threads and observers of its own.
 */
export class Engine extends EventEmitter<EngineEvents> {
  /** A folder of models, a model's folder, or an .onnx file. */
  readonly path: string;
  /** The CPU limit, which determines the number of workers. */
  readonly cpuLimit: CpuLimit;
  /** The open sessions of the runtime. */
  readonly sessions: OnnxSessions;
  readonly #options: EngineOptions;
  readonly #routing: Routing;
  /** Models gone from disk whose last lease is not released yet. */
  readonly #removed = new Set<Promise<void>>();
  readonly #changes = new Changes();
  readonly #loader: Loader;
  #started = false;
  #closed: Promise<void> | undefined;

  private constructor(path: string, options: EngineOptions, cpuLimit: CpuLimit) {
    super();
    this.path = path;
    this.cpuLimit = cpuLimit;
    this.sessions = options.sessions ?? new OnnxSessions();
    this.#options = options;
    const { versions, trial } = options;
    const trials = trial === 'process' ? new Trials(versions.loadTimeoutSeconds) : undefined;
    this.#loader = new Loader({ sessions: this.sessions, cpus: cpuLimit.cpus, versions, trials });
    this.#routing = new Routing(options.defaultModel);
  }

  /**
   * Loads all models at a path: a folder of models, a model's folder, or an .onnx file. It throws if
   * any version of the default model fails to load (with `fallsBack`, if none loads), or if all models fail. Another model's failure is reported in its
   * status, and the others are served.
   *
   * @param listen gets the engine before anything is loaded, so that it can observe the loads too
   * @throws RepositoryError saying what cannot be served, and why
   */
  static async open(path: string, options: EngineOptions, listen?: (engine: Engine) => void): Promise<Engine> {
    const [cpuLimit, found] = await Promise.all([readCpuLimit(), findModels(path)]);
    const engine = new Engine(path, options, cpuLimit);
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
    const { defaultModel, fallsBack = false } = this.#options;
    const names = found.map((model) => model.name);
    if (defaultModel !== undefined && !names.includes(defaultModel)) {
      const wrong = `DEFAULT_MODEL is ${JSON.stringify(defaultModel)}, but ${this.path} has no such model`;
      throw new RepositoryError(`${wrong}; it has ${listed(names) || 'none'}.`);
    }
    await this.apply(found, names);
    const models = this.status();
    const broken = brokenModels(models);
    const isDefaultBroken = models.some(
      (model) =>
        model.name === this.defaultModel && brokenModels([model]).length > 0 && !(fallsBack && model.served.length > 0),
    );
    if (isDefaultBroken || (broken.length > 0 && !this.#routing.anyServed))
      throw new RepositoryError(broken.join('\n'));
    this.#started = true;
  }

  /** The model for requests that name none. */
  get defaultModel(): string | undefined {
    return this.#routing.defaultModel;
  }

  /** Whether the default model is served; without a default, whether any model is. */
  get ready(): boolean {
    if (this.#closed !== undefined || !this.#started) return false;
    const { defaultModel, anyServed } = this.#routing;
    return defaultModel === undefined ? anyServed : this.#routing.find(defaultModel)?.latest !== undefined;
  }

  /**
   * A version to predict with; lease it before the next await, and release it after use.
   * @param name the default model if left out
   * @param version the latest served version if left out
   * @throws NestorError UNKNOWN_MODEL, UNKNOWN_VERSION, MODEL_NOT_READY
   */
  get(name?: string, version?: string): ModelVersion {
    return this.#routing.model(name).get(version);
  }

  /**
   * Predicts rows, in any form that the body of a request may have: a record, a list of records, columns, and so on.
   * For an image model, also pictures, as a list of files or of `{ pixels }`.
   *
   * @throws NestorError as `get` and `ModelVersion.run` do, and for errors in the rows
   */
  async predict(rows: unknown, { model, version, ...caller }: PredictOptions = {}): Promise<Prediction> {
    const served = this.get(model, version);
    const answer = await served.leased(() => served.predict(rows, callerOf(caller)));
    return { ...answer, model: { name: served.name, version: served.version } };
  }

  /**
   * Runs tensors as they are.
   * @throws NestorError as `get` and `ModelVersion.run` do; INVALID_TENSOR, NO_ROWS, TOO_MANY_ROWS
   */
  async run(inputs: Tensors, { model, version, outputs, ...caller }: RunOptions = {}): Promise<Outputs> {
    const served = this.get(model, version);
    const run = runOf(served, inputs, outputs);
    const answer = await served.leased(() => served.run(run, callerOf(caller)));
    return { outputs: answer.outputs, model: { name: served.name, version: served.version } };
  }

  /**
   * A model in full, as of its latest version.
   * @throws NestorError UNKNOWN_MODEL
   */
  describe(name?: string): ModelDescription {
    return describeModel(this.statusOf(name));
  }

  /** All models on disk, by name. */
  status(): ModelStatus[] {
    return this.#routing.models.map((model) => model.status()).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws NestorError UNKNOWN_MODEL */
  statusOf(name?: string): ModelStatus {
    return this.#routing.model(name).status();
  }

  /**
   * Loads a model from disk beside its served versions, and swaps it in; a served model is loaded again.
   * @throws NestorError UNKNOWN_MODEL if it is not on disk; UNLOADABLE_MODEL if it cannot be loaded; then nothing
   * changes
   */
  load(name: string): Promise<void> {
    return this.#changeAsked(async () => {
      const found = (await findModels(this.path)).find((model) => model.name === name);
      if (found === undefined) throw new NestorError('UNKNOWN_MODEL', `There is no model ${quote(name)} on disk.`);
      this.#changes.requirePossible();
      const made = this.#served(name).reload(found);
      return { made: made.then(() => this.#routing.settleDefault()) };
    });
  }

  /**
   * Unloads a model until `load`; requests in flight are still answered.
   * @throws NestorError UNKNOWN_MODEL
   */
  unload(name: string): Promise<void> {
    return this.#changes.make(() => ({ made: this.#routing.model(name).unload() }));
  }

  /**
   * Serves what is on disk now. Events and status report failures.
   * @throws NestorError UNLOADABLE_MODEL if the path cannot be read or holds no model; then nothing changes
   */
  refresh(): Promise<void> {
    return this.#changeAsked(async () => {
      const found = await findModels(this.path);
      const names = found.map((model) => model.name);
      return { made: this.#apply(found, names) };
    });
  }

  /**
   * Like `refresh`, with what was found on disk.
   * @param found models whose files have stopped changing
   * @param present the names of all models on disk; others are unloaded
   */
  apply(found: readonly FoundModel[], present: readonly string[]): Promise<void> {
    return this.#changes.make(() => ({ made: this.#apply(found, present) }));
  }

  async #apply(found: readonly FoundModel[], present: readonly string[]): Promise<void> {
    this.#changes.requirePossible();
    for (const model of this.#routing.models) if (!present.includes(model.name)) this.#remove(model);
    const update = (model: FoundModel): Promise<void> => this.#served(model.name).update(model);
    // A slow model must not delay the others, which are served already.
    if (this.#started) await Promise.all(found.map(update));
    else for (const model of found) await update(model);
    this.#routing.settleDefault();
  }

  #remove(model: ServedModel): void {
    this.#routing.remove(model);
    const removed = model.close().finally(() => this.#removed.delete(removed));
    this.#removed.add(removed);
  }

  /** Makes no more changes, and ends running trials. Served models stay served. */
  stopChanges(): void {
    this.#changes.stop();
    this.#loader.end();
  }

  /** Unloads everything, and frees all memory after the last leases. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAfterLastChange();
    return this.#closed;
  }

  async #closeAfterLastChange(): Promise<void> {
    this.stopChanges();
    await Promise.all([...this.#removed, ...this.#routing.models.map((model) => model.close())]);
  }

  /** Makes a change that a caller requested, and reports errors in the files to the caller. */
  async #changeAsked(begin: () => Promise<Begun>): Promise<void> {
    try {
      await this.#changes.make(begin);
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      throw new NestorError('UNLOADABLE_MODEL', withoutFolder(this.path, error.message), { cause: error });
    }
  }

  #served(name: string): ServedModel {
    const known = this.#routing.find(name);
    if (known !== undefined) return known;
    const model = new ServedModel(name, {
      load: (manifest, manifestPath, version) => this.#load(name, manifest, manifestPath, version),
      loaded: (loaded) =>
        this.emit('loaded', { name, version: loaded.version, loadMs: loaded.timings.loadMs, model: loaded }),
      failed: (version, reason) => this.emit('failed', { name, version, reason }),
      withoutFolder: (reason) => withoutFolder(this.path, reason),
      unloaded: ({ version }) => this.emit('unloaded', { name, version }),
      fallsBack: this.#options.fallsBack ?? false,
    });
    this.#routing.add(model);
    return model;
  }

  #load(name: string, manifest: Manifest, manifestPath: string, version: FoundVersion): Promise<ModelVersion> {
    const source = { name, version: `${version.number}`, path: version.path!, manifest, manifestPath };
    this.emit('loading', { name, version: source.version });
    const listeners = {
      separated: ({ version, rows: { reason } }: ModelVersion) => this.emit('separated', { name, version, reason }),
      moved: ({ version, execution: { reason } }: ModelVersion) => this.emit('moved', { name, version, reason }),
      observer: this.#options.observe?.(name, source.version),
    };
    return this.#loader.load(source, listeners, this.#started, this.#routing.find(name)?.latest);
  }
}
