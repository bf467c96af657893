import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { ModelRepository } from '#models';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from '../prediction/http-caller.ts';
import { PredictionService } from '../prediction/prediction.service.ts';
import { readPredictRequest } from './predict-request.ts';

/** "::" is a colon of the path; the pattern ends the name before it. */
const PREDICT = '/v1/models/:name(^[^:]+)::predict';

/** `POST /v1/models/{name}:predict`, on the Fastify instance itself. */
@Injectable()
export class KservePredictRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(ModelRepository) private readonly models: ModelRepository,
    private readonly predictions: PredictionService,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.post(PREDICT, (request, reply) => this.predict(request, reply));
  }

  private async predict(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const model = this.models.get((request.params as { name: string }).name);
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    const body = request.body as Buffer | undefined;
    const rows = readPredictRequest(body, model.reader);
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
}
