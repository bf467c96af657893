import { type ModelFile, type OnnxSessions, operatorsByValue } from '#onnx';
import { ChangeQueue } from '../change-queue.ts';
import type { ModelVersion } from '../model-version.ts';
import type { Trials } from '../trial/trials.ts';
import { LONGEST_INLINE_MS } from './execution.ts';
import { type LoadSurroundings, loadVersion } from './load-version.ts';
import { memoryLimit, requireRoom } from './memory-limit.ts';
import type { VersionSource } from './version-source.ts';
import { type ResolvedOptions, resolveOptions, type VersionOptions, type Where } from './version-options.ts';

export interface LoaderOptions {
  readonly sessions: OnnxSessions;
  /** The CPUs that may be used. */
  readonly cpus: number;
  readonly versions: VersionOptions;
  /** Tries versions before they are loaded; without it, the first run of a version is in this process. */
  readonly trials: Trials | undefined;
}

/** The listeners of a version's load. */
type Listeners = Pick<LoadSurroundings, 'separated' | 'moved' | 'observer'>;

/** Loads the versions of an engine into this process, one at a time. Trials before that run in parallel. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #loads = new ChangeQueue();
  readonly #memory = memoryLimit();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /**
   * @param serving whether other models are served meanwhile
   * @param predecessor the version that is served of the model
   * @throws RepositoryError saying what is wrong with the version, and what to do
   */
  load(
    source: VersionSource,
    listeners: Listeners,
    serving: boolean,
    predecessor: ModelVersion | undefined,
  ): Promise<ModelVersion> {
    const { sessions, cpus, versions } = this.#options;
    const options = resolveOptions(source.manifest, versions);
    return loadVersion(source, options, {
      ...{ ...listeners, sessions, cpus, memory: this.#memory },
      first: async (model) => {
        requireRoom(model, this.#memory);
        const tried = await this.#try(source, options, model.file, serving);
        return tried ?? (serving ? (predecessor?.execution.where ?? 'pool') : 'inline');
      },
      alone: (load) => this.#loads.add(load),
    });
  }

  /** Aborts running trials. */
  end(): void {
    this.#options.trials?.end();
  }

  /**
   * Where the version should run, by a trial; undefined if it needs none. At the start nothing is served that could be
   * lost, so it tries only versions whose runs may take any time: a process costs as much as loading several small
   * models.
   */
  async #try(
    source: VersionSource,
    options: ResolvedOptions,
    file: ModelFile,
    serving: boolean,
  ): Promise<Where | undefined> {
    const { trials, cpus } = this.#options;
    if (trials === undefined || (!serving && operatorsByValue(file).length === 0)) return undefined;
    const { rowMs } = await trials.run({ source, options, cpus });
    return rowMs !== undefined && rowMs <= LONGEST_INLINE_MS ? 'inline' : 'pool';
  }
}
