import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { ApiParts } from './api-parts.ts';
import { OpenApiController } from './openapi.controller.ts';

/**
 * `GET /openapi.json`: the API as it is now, typed by the loaded models; `GET /docs`: the same to read and to try. Each
 * protocol's module adds its part.
 */
@Module({ imports: [PredictionModule], controllers: [OpenApiController], providers: [ApiParts], exports: [ApiParts] })
export class OpenApiModule {}
