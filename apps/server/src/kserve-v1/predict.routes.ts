import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Engine } from '#engine';
import { sendText } from '../http/send-text.ts';
import { UnservedPaths } from '../http/unserved-paths.ts';
import { RowPredictions } from '../prediction/row-predictions.ts';
import { renderError } from './error-form.ts';
import { readPredictRequest } from './predict-request.ts';

/** "::" is a colon of the path; the pattern ends the name before it. */
const PREDICT = '/v1/models/:name(^[^:]+)::predict';

/** `POST /v1/models/{name}:predict`, on the Fastify instance itself. */
@Injectable()
export class KservePredictRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(Engine) private readonly models: Engine,
    private readonly rows: RowPredictions,
    private readonly unservedPaths: UnservedPaths,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    this.unservedPaths.speakUnder('/v1', { renderError });
    fastify.post(PREDICT, { config: { operation: { renderError } } }, (request, reply) => this.predict(request, reply));
  }

  private async predict(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const model = this.models.get((request.params as { name: string }).name);
    const predictions = await this.rows.predict(request, model, readPredictRequest);
    return sendText(reply, 'application/json', `{"predictions":${predictions}}`);
  }
}
