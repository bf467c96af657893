import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { OpenApiController } from './openapi.controller.ts';

/** `GET /openapi.json`: the API as it is now, typed by the loaded models; `GET /docs`: the same to read and to try. */
@Module({ imports: [PredictionModule], controllers: [OpenApiController] })
export class OpenApiModule {}
