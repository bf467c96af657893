import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { NestorError } from '#errors';
import { ModelRepository, type ModelVersion } from '#models';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from '../prediction/http-caller.ts';
import { PredictionService } from '../prediction/prediction.service.ts';
import { answerJson } from './answer.ts';
import { readRows } from './body.ts';

interface ModelParams {
  readonly name?: string;
  readonly version?: string;
}

/**
 * `POST /predict` and its siblings, on the Fastify instance itself: the body is read as bytes and parsed once, and
 * nothing of a controller's pipeline runs for it. Everything that is not a prediction is a plain controller.
 */
@Injectable()
export class PredictRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(ModelRepository) private readonly models: ModelRepository,
    private readonly predictions: PredictionService,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    for (const path of ['/predict', '/models/:name/predict', '/models/:name/versions/:version/predict']) {
      fastify.post(path, (request, reply) => this.predict(request, reply));
    }
  }

  private async predict(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const model = this.modelOf(request.params as ModelParams);
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    const body = request.body as Buffer | undefined;
    const rows = readRows(body, request.headers['content-type'], model.reader);
    served.rows = rows.count;
    const { outputs } = await this.predictions.run(
      model,
      { inputs: rows.inputs, rows: rows.count, outputs: model.writer.outputs },
      httpCaller(request),
    );
    const answer = answerJson(model, rows, outputs);
    if (this.logger.isLevelEnabled('debug')) {
      this.logger.debug({ requestId: request.id, payload: body?.toString(), answer }, 'prediction');
    }
    return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
  }

  private modelOf({ name = this.models.defaultModel, version }: ModelParams): ModelVersion {
    if (name !== undefined) return this.models.get(name, version);
    throw new NestorError('UNKNOWN_MODEL', 'Several models are served and none is the default.', {
      errors: [{ detail: 'Use POST /models/{name}/predict, or have DEFAULT_MODEL set.' }],
    });
  }
}
