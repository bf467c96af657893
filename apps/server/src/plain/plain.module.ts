import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { PredictRoutes } from './predict.routes.ts';

/** Nestor's own format: `POST /predict`. */
@Module({
  imports: [PredictionModule],
  providers: [PredictRoutes],
})
export class PlainModule {}
