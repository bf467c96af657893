import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { HealthController } from './health.controller.ts';
import { ModelsHealthIndicator } from './models.health.ts';

/** Liveness and readiness. Terminus' own logger is off: it would write an error at every probe while draining. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), PredictionModule],
  controllers: [HealthController],
  providers: [ModelsHealthIndicator],
})
export class HealthModule {}
