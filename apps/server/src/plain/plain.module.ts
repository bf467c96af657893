import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { Labelling } from './labelling/labelling.ts';
import { LongUploads } from './labelling/long-uploads.ts';
import { PredictRoutes } from './predict.routes.ts';
import { PlainApi } from './plain-api.ts';

/** Nestor's own format: `POST /predict`. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  providers: [PredictRoutes, Labelling, LongUploads, PlainApi],
})
export class PlainModule {}
