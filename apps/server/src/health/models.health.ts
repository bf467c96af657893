import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { Readiness } from '../prediction/readiness.ts';

/** Readiness, in the form that Terminus expects. */
@Injectable()
export class ModelsHealthIndicator {
  constructor(
    private readonly health: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  check(): HealthIndicatorResult {
    const indicator = this.health.check('models');
    const { obstacle } = this.readiness;
    return obstacle === undefined ? indicator.up() : indicator.down({ reason: obstacle });
  }
}
