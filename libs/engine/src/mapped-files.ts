import { basename } from 'node:path';
import { rewrittenWeights } from '#onnx';
import type { Engine } from './engine.ts';
import type { ModelVersion } from './model-version.ts';

export interface MappedFilesOptions {
  readonly intervalSeconds: number;
  /** Called once for a version whose files changed. */
  readonly onChange: (version: ModelVersion) => void;
}

/**
 * Looks after files that runs read from: weights too large for memory are mapped, and whatever is written over them is seen
 * by runs, in part or whole. Nothing can be done about that but to say so.
 */
export class MappedFiles {
  readonly #engine: Engine;
  readonly #options: MappedFilesOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, options: MappedFilesOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Looks every few seconds from now on; does not keep the process alive. */
  start(): void {
    this.#timer = setTimeout(() => void this.look().then(() => this.#timer && this.start()), this.#interval).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Looks once. */
  async look(): Promise<void> {
    const served = this.#engine.status().flatMap((model) => model.served);
    await Promise.all(served.map((version) => this.#lookAt(version)));
  }

  async #lookAt(version: ModelVersion): Promise<void> {
    if (version.source.externalData !== 'mapped' || version.changedFiles.length > 0) return;
    const changed = await rewrittenWeights(version.source);
    if (changed.length === 0) return;
    version.filesChanged(changed.map((path) => basename(path)));
    this.#options.onChange(version);
  }

  get #interval(): number {
    return this.#options.intervalSeconds * 1000;
  }
}
