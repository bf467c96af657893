import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { InferRoutes } from './infer.routes.ts';
import { OpenInferenceModelsController } from './models.controller.ts';
import { RepositoryController } from './repository.controller.ts';
import { ServerController } from './server.controller.ts';
import { OpenInferenceApi } from './open-inference-api.ts';

/** The Open Inference Protocol V2 over REST, under `/v2`, with the extensions that its clients rely on. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  controllers: [ServerController, OpenInferenceModelsController, RepositoryController],
  providers: [InferRoutes, OpenInferenceApi],
})
export class OpenInferenceModule {}
