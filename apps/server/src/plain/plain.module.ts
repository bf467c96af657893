import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { ModelsController } from './models.controller.ts';
import { PredictRoutes } from './predict.routes.ts';

/** Nestor's own format: `POST /predict`, `GET /models`. */
@Module({
  imports: [PredictionModule],
  controllers: [ModelsController],
  providers: [PredictRoutes],
})
export class PlainModule {}
