import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Engine } from '#engine';
import { sendText } from '../http/send-text.ts';
import { RowPredictions } from '../prediction/row-predictions.ts';
import { renderError } from './error-form.ts';
import { readScoringRequest } from './scoring-request.ts';

/** `POST /invocations`, on the Fastify instance itself: the default model, as on SageMaker, where a server has one. */
@Injectable()
export class InvocationsRoutes implements OnModuleInit {
  private readonly fastify: FastifyInstance;

  constructor(
    adapterHost: HttpAdapterHost,
    @Inject(Engine) private readonly models: Engine,
    private readonly rows: RowPredictions,
  ) {
    this.fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
  }

  onModuleInit(): void {
    this.fastify.post('/invocations', { config: { operation: { renderError } } }, (request, reply) =>
      this.invoke(request, reply),
    );
  }

  private async invoke(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const type = request.headers['content-type'];
    const predictions = await this.rows.predict(request, this.models.get(), (body, reader) =>
      readScoringRequest(body, type, reader),
    );
    return sendText(reply, 'application/json', `{"predictions":${predictions}}`);
  }
}
