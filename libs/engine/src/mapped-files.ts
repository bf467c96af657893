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
 * Watches the files that runs read from. Large weights are mapped into memory, so that runs see whatever overwrites
 * them, in part or whole. Nestor cannot prevent that, but reports it.
 */
export class MappedFiles {
  readonly #engine: Engine;
  readonly #options: MappedFilesOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, options: MappedFilesOptions) {
    this.#engine = engine;
    this.#options = options;
  }

  /** Checks every few seconds; does not keep the process alive. */
  start(): void {
    this.#timer = setTimeout(() => void this.look().then(() => this.#timer && this.start()), this.#interval).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Checks once. */
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
