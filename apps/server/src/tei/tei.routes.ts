import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Engine } from '#engine';
import type { HttpPrediction } from '../http/operation.ts';
import { sendText } from '../http/send-text.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import type { Question } from '../prediction/prediction-operation.ts';
import { embedOperation } from './embed.operation.ts';
import { rerankOperation } from './rerank.operation.ts';

/** `POST /embed` and `POST /rerank`. */
@Injectable()
export class TeiRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly pipeline: Pipeline,
    @Inject(Engine) private readonly engine: Engine,
  ) {}

  onModuleInit(): void {
    this.serve('/embed', embedOperation(this.engine));
    this.serve('/rerank', rerankOperation(this.engine));
  }

  private serve<Asked extends Question>(path: string, operation: HttpPrediction<Asked, string>): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.post(path, { config: { operation } }, async (request, reply) =>
      sendText(reply, 'application/json', await this.pipeline.answer(operation, request)),
    );
  }
}
