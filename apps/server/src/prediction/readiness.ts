import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config';
import { Engine, type ModelStatus } from '#engine';
import { Drain } from '../lifecycle/drain.ts';

/**
 * Whether this process is ready for requests, for all probes: its models are loaded and warm, and it is not draining.
 * Load does not count: an overloaded pod that turned unready would push its load on to the next one.
 */
@Injectable()
export class Readiness {
  #passed = false;

  constructor(
    private readonly settings: Settings,
    @Inject(Engine) private readonly models: Engine,
    private readonly drain: Drain,
  ) {}

  get isReady(): boolean {
    return this.obstacle === undefined;
  }

  /** Why the process is not ready; undefined if it is. */
  get obstacle(): string | undefined {
    if (this.drain.draining) return 'draining';
    if (!this.models.ready) return 'the default model is not loaded';
    return this.#gate();
  }

  /**
   * With `STRICT_MODELS`, a process is not ready until all of its models have loaded, so that a rollout stops and the
   * previous pods continue. A later failure does not make the process unready: it still serves the previous versions.
   */
  #gate(): string | undefined {
    if (this.#passed || this.settings.strictModels === 'off') return undefined;
    const failed = this.models.status().find(hasFailed);
    if (failed !== undefined) return `the model ${failed.name} could not be loaded, and STRICT_MODELS is on`;
    this.#passed = true;
    return undefined;
  }
}

const hasFailed = ({ reason, versions }: ModelStatus): boolean =>
  reason !== undefined || versions.some(({ state }) => state === 'failed');
