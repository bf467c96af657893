import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { Labelling } from './labelling/labelling.ts';
import { LongUploads } from './labelling/long-uploads.ts';
import { PredictRoutes } from './predict.routes.ts';

/** Nestor's own format: `POST /predict`. */
@Module({
  imports: [PredictionModule],
  providers: [PredictRoutes, Labelling, LongUploads],
})
export class PlainModule {}
