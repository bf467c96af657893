import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { NestorError } from '#errors';
import { ModelRepository, type ModelVersion } from '#models';
import { renderRouteErrors } from '../http/error-form.ts';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from '../prediction/http-caller.ts';
import { PredictionService } from '../prediction/prediction.service.ts';
import { renderError } from './error-form.ts';
import { readScoringRequest } from './scoring-request.ts';

const INVOCATIONS = '/invocations';

/** `POST /invocations`, on the Fastify instance itself: the default model, as on SageMaker, where a server has one. */
@Injectable()
export class InvocationsRoutes implements OnModuleInit {
  private readonly fastify: FastifyInstance;

  constructor(
    adapterHost: HttpAdapterHost,
    @Inject(ModelRepository) private readonly models: ModelRepository,
    private readonly predictions: PredictionService,
    @Inject(PINO) private readonly logger: Logger,
  ) {
    this.fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    renderRouteErrors(this.fastify, (path) => path === INVOCATIONS, renderError);
  }

  onModuleInit(): void {
    this.fastify.post(INVOCATIONS, (request, reply) => this.invoke(request, reply));
  }

  private async invoke(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const model = this.defaultModel();
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    const body = request.body as Buffer | undefined;
    const rows = readScoringRequest(body, request.headers['content-type'], model.reader);
    served.rows = rows.count;
    const writer = model.writer.rows;
    const { outputs } = await this.predictions.run(
      model,
      { inputs: rows.inputs, rows: rows.count, outputs: writer.outputs },
      httpCaller(request),
    );
    const answer = `{"predictions":${writer.json(outputs, rows.count)}}`;
    if (this.logger.isLevelEnabled('debug')) {
      this.logger.debug({ requestId: request.id, payload: body?.toString(), answer }, 'prediction');
    }
    return reply.header('content-type', 'application/json').send(Buffer.from(answer));
  }

  private defaultModel(): ModelVersion {
    const { defaultModel } = this.models;
    if (defaultModel !== undefined) return this.models.get(defaultModel);
    throw new NestorError(
      'UNKNOWN_MODEL',
      'Several models are served and none is the default: have DEFAULT_MODEL set, or name one in another protocol.',
    );
  }
}
