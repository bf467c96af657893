import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { InvocationsRoutes } from './invocations.routes.ts';
import { ScoringServerController } from './scoring-server.controller.ts';

/** MLflow's scoring protocol, which is SageMaker's too: `/invocations`, `/ping`, `/health`, `/version`. */
@Module({
  imports: [PredictionModule],
  controllers: [ScoringServerController],
  providers: [InvocationsRoutes],
})
export class MlflowModule {}
