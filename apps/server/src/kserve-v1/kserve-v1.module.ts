import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { KserveErrorRoutes } from './error-routes.ts';
import { KserveModelsController } from './models.controller.ts';
import { KservePredictRoutes } from './predict.routes.ts';

/** KServe's V1 protocol, which is TensorFlow Serving's: everything under `/v1`. */
@Module({
  imports: [PredictionModule],
  controllers: [KserveModelsController],
  providers: [KserveErrorRoutes, KservePredictRoutes],
})
export class KserveV1Module {}
