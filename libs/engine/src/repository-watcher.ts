import { findModels, type FoundModel, fingerprintOf } from '#models';
import type { Engine } from './engine.ts';

export interface WatcherOptions {
  readonly intervalSeconds: number;
  /** Called once when the path can no longer be read, or has no model. Nothing changes until it recovers. */
  readonly onError?: (error: Error) => void;
}

/** The result of one check of the disk. */
interface Change {
  /** Models whose files have stopped changing. */
  readonly found: readonly FoundModel[];
  /** The names of all models. */
  readonly present: readonly string[];
}

/**
 * Checks the disk every few seconds, and updates the served models. File events do not report changes on network
 * volumes, nor the swapped link of a mounted ConfigMap. A change counts once a model looks the same twice in a row, so
 * that a file is not read while it is still being copied.
 */
export class RepositoryWatcher {
  readonly #engine: Engine;
  readonly #options: WatcherOptions;
  /** The fingerprint of each model at the last check. */
  #before: ReadonlyMap<string, string> = new Map();
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(engine: Engine, options: WatcherOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Checks every few seconds; does not keep the process alive. */
  start(): void {
    const next = (): void => {
      if (this.#stopped) return;
      this.#timer = setTimeout(look, this.#options.intervalSeconds * 1000).unref();
    };
    // A slow load does not delay the next check.
    const look = (): void => void this.#find().then((change) => (next(), this.#make(change)));
    next();
  }

  /** Stops checking. Loads in progress continue. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Checks once, and lets the engine load and unload models whose files have stopped changing. Never rejects. */
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
      // A model that was there at the last check may be missing only for a moment.
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
