import { findModels, type FoundModel, fingerprintOf } from '#models';
import type { Engine } from './engine.ts';

export interface WatcherOptions {
  readonly intervalSeconds: number;
  /** Hears, once, that the path cannot be read or holds no model, until it does again. Nothing changes meanwhile. */
  readonly onError?: (error: Error) => void;
}

/** What one look at the disk found. */
interface Change {
  /** Models whose files have stopped changing. */
  readonly found: readonly FoundModel[];
  /** The names of all models. */
  readonly present: readonly string[];
}

/**
 * Keeps what is served in line with the disk by looking at it every few seconds: file events do not tell of changes on
 * network volumes, nor of the swapped link of a mounted ConfigMap. A change counts once a model looks the same two times
 * in a row, so that a file is not read while it is still being copied.
 */
export class RepositoryWatcher {
  readonly #engine: Engine;
  readonly #options: WatcherOptions;
  /** What each model looked like the last time. */
  #before: ReadonlyMap<string, string> = new Map();
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(engine: Engine, options: WatcherOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Looks every few seconds from now on; does not keep the process alive. */
  start(): void {
    const next = (): void => {
      if (this.#stopped) return;
      this.#timer = setTimeout(look, this.#options.intervalSeconds * 1000).unref();
    };
    // A model that takes long to load does not keep the next look waiting.
    const look = (): void => void this.#find().then((change) => (next(), this.#make(change)));
    next();
  }

  /** Stops looking. Loads under way continue. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Looks once, and has the engine load and unload what changed and has come to rest. Never rejects. */
  async look(): Promise<void> {
    await this.#make(await this.#find());
  }

  async #find(): Promise<Change | Error> {
    try {
      const found = await findModels(this.#engine.path);
      const now = new Map(found.map((model) => [model.name, fingerprintOf(model)]));
      const before = this.#before;
      this.#before = now;
      const atRest = (model: FoundModel): boolean => before.get(model.name) === now.get(model.name);
      // A model that was there the last time may be missing for a moment only.
      return { found: found.filter(atRest), present: [...now.keys(), ...before.keys()] };
    } catch (error) {
      return error as Error;
    }
  }

  async #make(change: Change | Error): Promise<void> {
    try {
      if (change instanceof Error) throw change;
      await this.#engine.apply(change.found, change.present);
      this.#trouble = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (this.#trouble !== message && !this.#stopped) this.#options.onError?.(error as Error);
      this.#trouble = message;
    }
  }
}
