import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Engine } from '#engine';
import { Drain } from '../lifecycle/drain.ts';

/**
 * Whether this process should be sent requests: its models are loaded and warm, and it is not draining. The queue and
 * the load play no part: an unready pod would push its overload on to the next one.
 */
@Injectable()
export class ModelsHealthIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly models: Engine,
    private readonly drain: Drain,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.health.check('models');
    if (this.drain.draining) return indicator.down({ reason: 'draining' });
    if (!this.models.ready) return indicator.down({ reason: 'the default model is not loaded' });
    return indicator.up();
  }
}
