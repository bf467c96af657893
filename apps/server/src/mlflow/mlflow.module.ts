import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { InvocationsRoutes } from './invocations.routes.ts';
import { ScoringServerController } from './scoring-server.controller.ts';
import { MlflowApi } from './mlflow-api.ts';

/** MLflow's scoring protocol, which is also SageMaker's: `/invocations`, `/ping`, `/health`, `/version`. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  controllers: [ScoringServerController],
  providers: [InvocationsRoutes, MlflowApi],
})
export class MlflowModule {}
