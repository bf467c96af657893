import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { KserveModelsController } from './models.controller.ts';
import { KservePredictRoutes } from './predict.routes.ts';
import { KserveV1Api } from './kserve-v1-api.ts';

/** KServe's V1 protocol, which is TensorFlow Serving's, under `/v1`. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  controllers: [KserveModelsController],
  providers: [KservePredictRoutes, KserveV1Api],
})
export class KserveV1Module {}
