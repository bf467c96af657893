import { Module } from '@nestjs/common';
import { OpenApiModule } from '../openapi/openapi.module.ts';
import { PredictionModule } from '../prediction/prediction.module.ts';
import { TeiApi } from './tei-api.ts';
import { TeiRoutes } from './tei.routes.ts';

/** Embeddings and reranking as Hugging Face's text-embeddings-inference serves them: `/embed` and `/rerank`. */
@Module({
  imports: [OpenApiModule, PredictionModule],
  providers: [TeiRoutes, TeiApi],
})
export class TeiModule {}
