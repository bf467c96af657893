import { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '#config';
import type { AnswerWish, Rows } from '#features';
import { bytesOf } from '#inference';
import { whereModelIsKnown } from '../http/known-model.ts';
import type { HttpPrediction } from '../http/operation.ts';
import { renderProblem } from '../http/problem.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import { ReceivedMemory } from '../memory/request-memory.ts';
import type { Question, Target } from '../prediction/prediction-operation.ts';
import { answerJson } from './answer.ts';
import { Labelling } from './labelling/labelling.ts';
import { readCsvBody } from './labelling/read-csv-body.ts';
import { mediaTypeOf, readRows, requireMediaType } from './request-rows.ts';
import { thresholdsOf } from './thresholds.ts';
import { topOf } from './top.ts';

const PATHS = ['/predict', '/models/:name/predict', '/models/:name/versions/:version/predict'];

interface RowsQuestion extends Question {
  readonly rows: Rows;
  readonly wish: AnswerWish;
}

const PREDICT: HttpPrediction<RowsQuestion, string> = {
  name: 'prediction',
  access: 'key',
  probe: false,
  renderError: renderProblem,
  target: ({ params }) => params as Target,
  decode: async (request, model, { gone }) => {
    const wish = { top: topOf(request.query, model), ...thresholdsOf(request.query, model) };
    const rows = await readRows(request, model, gone);
    if (model.images !== undefined) {
      // The size of a picture's file says little about the size of its pixels.
      request.server.memoryBudget.hold(request, request.heldBytes + tensorBytesOf(rows));
      request.memory = new ReceivedMemory(request.body as Buffer);
    }
    const { inputs, groups, count } = rows;
    return { run: { inputs, groups, rows: count, outputs: model.writer.outputs }, rows, wish };
  },
  encode: (outputs, { rows, wish }, model) => answerJson(model, rows, outputs, wish),
  describe: (request, answer) => ({ payload: payloadOf(request), answer }),
};

/**
 * `POST /predict` and its siblings, registered on the Fastify instance: the body is read as bytes and parsed once,
 * without the pipeline of a Nest controller.
 */
@Injectable()
export class PredictRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly pipeline: Pipeline,
    private readonly labelling: Labelling,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const { maxBodyBytes } = this.settings;
    void fastify.register(async (scope) => {
      scope.addContentTypeParser('text/csv', (request, payload, done) =>
        readCsvBody(request, payload, maxBodyBytes, done),
      );
      for (const path of PATHS) {
        const onRequest = whereModelIsKnown(this.pipeline, PREDICT, requireMediaType);
        scope.post(path, { config: { operation: PREDICT }, onRequest }, (request, reply) =>
          this.predict(request, reply),
        );
      }
    });
  }

  private async predict(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (request.body instanceof Readable) return this.label(request, reply, request.body);
    const answer = await this.pipeline.answer(PREDICT, request);
    return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
  }

  /** Labels CSV in batches of rows while it arrives. The version stays loaded until the end. */
  private label(request: FastifyRequest, reply: FastifyReply, source: Readable): Promise<FastifyReply> {
    const model = this.pipeline.find(request, PREDICT.target(request));
    return this.labelling.answer(model, source, request, reply, request.served!);
  }
}

const tensorBytesOf = ({ inputs, groups = [] }: Rows): number =>
  groups.reduce((sum, group) => sum + bytesOf(group.inputs), bytesOf(inputs));

/** The body as the log shows it: for pictures only their size. */
function payloadOf({ body, headers: { 'content-type': type } }: FastifyRequest): string | undefined {
  const bytes = body as Buffer | undefined;
  return /^(?:image|multipart)\//.test(mediaTypeOf(type))
    ? `${bytes?.length ?? 0} bytes of ${type}`
    : bytes?.toString();
}
