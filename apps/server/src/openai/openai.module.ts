import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { EmbeddingsRoutes } from './embeddings.routes.ts';
import { OpenAiApi } from './openai-api.ts';

/** Embeddings in OpenAI's form: `/v1/embeddings`. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  providers: [EmbeddingsRoutes, OpenAiApi],
})
export class OpenAiModule {}
