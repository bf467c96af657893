import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config';
import { Engine, type ModelStatus } from '#engine';
import { Drain } from '../lifecycle/drain.ts';

/**
 * Whether this process should be sent requests, for every probe there is: its models are loaded and warm, and it does not
 * drain. The queue and the load play no part: an unready pod would push its overload on to the next one.
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

  /** Why the process is not ready; undefined where it is. */
  get obstacle(): string | undefined {
    if (this.drain.draining) return 'draining';
    if (!this.models.ready) return 'the default model is not loaded';
    return this.#gate();
  }

  /**
   * With `STRICT_MODELS` a process whose models did not all load is not ready, so that a rollout stops at it and the pods
   * before it go on. Once they all did, a later failure costs no pod its place: what was served before still is.
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
