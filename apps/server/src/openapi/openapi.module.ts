import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { ApiParts } from './api-parts.ts';
import { OpenApiController } from './openapi.controller.ts';

/**
 * `GET /openapi.json` describes the API, typed by the loaded models. `GET /docs` shows it, with forms to try it. Each
 * protocol's module adds its part.
 */
@Module({ imports: [PredictionModule], controllers: [OpenApiController], providers: [ApiParts], exports: [ApiParts] })
export class OpenApiModule {}
