import { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { mediaTypeOf } from '../http/media-type.ts';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from '../prediction/http-caller.ts';
import { answerJson } from './answer.ts';
import { readRows } from './body.ts';
import { Labelling } from './labelling/labelling.ts';
import { readCsvBody } from './labelling/read-csv-body.ts';
import { readPictures } from './picture-body.ts';
import { topOf } from './top.ts';

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
    private readonly settings: Settings,
    @Inject(Engine) private readonly models: Engine,
    private readonly labelling: Labelling,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const { maxBodyBytes } = this.settings;
    void fastify.register(async (scope) => {
      scope.addContentTypeParser('text/csv', ({ headers }, payload, done) =>
        readCsvBody(headers, payload, maxBodyBytes, done),
      );
      for (const path of ['/predict', '/models/:name/predict', '/models/:name/versions/:version/predict']) {
        scope.post(path, (request, reply) => this.predict(request, reply));
      }
    });
  }

  private async predict(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { name, version } = request.params as ModelParams;
    const model = this.models.get(name, version);
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    if (request.body instanceof Readable) return this.labelling.answer(model, request.body, request, reply, served);
    const body = request.body as Buffer | undefined;
    const type = request.headers['content-type'];
    const top = topOf(request.query, model);
    const caller = httpCaller(request);
    model.lease();
    let answer: string;
    try {
      const { images } = model;
      const rows =
        images === undefined
          ? readRows(body, type, model.reader)
          : await readPictures(body, type, model, images, caller.gone);
      const { inputs, count } = rows;
      served.rows = count;
      const run = { inputs, rows: count, outputs: model.writer.outputs };
      const { outputs } = await model.run(run, caller);
      answer = answerJson(model, rows, outputs, top);
    } finally {
      model.release();
    }
    if (this.logger.isLevelEnabled('debug')) {
      this.logger.debug({ requestId: request.id, payload: payloadOf(body, type), answer }, 'prediction');
    }
    return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
  }
}

/** A body for the log; of pictures, how much there was. */
function payloadOf(body: Buffer | undefined, type: string | undefined): string | undefined {
  return /^(?:image|multipart)\//.test(mediaTypeOf(type)) ? `${body?.length ?? 0} bytes of ${type}` : body?.toString();
}
