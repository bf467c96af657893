import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { HttpPrediction } from '../http/operation.ts';
import { rowPredictions, type RowsQuestion } from '../http/row-predictions.ts';
import { sendText } from '../http/send-text.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import { renderError } from './error-form.ts';
import { readScoringRequest } from './scoring-request.ts';

/** Always asks the default model: a SageMaker server has one model. */
const INVOCATIONS: HttpPrediction<RowsQuestion, string> = {
  name: 'prediction',
  access: 'key',
  probe: false,
  renderError,
  target: () => ({}),
  ...rowPredictions(readScoringRequest),
};

/** `POST /invocations`. */
@Injectable()
export class InvocationsRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly pipeline: Pipeline,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.post('/invocations', { config: { operation: INVOCATIONS } }, async (request, reply) =>
      sendText(reply, 'application/json', await this.pipeline.answer(INVOCATIONS, request)),
    );
  }
}
