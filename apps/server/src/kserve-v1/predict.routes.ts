import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { whereModelIsKnown } from '../http/known-model.ts';
import type { HttpPrediction } from '../http/operation.ts';
import { rowPredictions, type RowsQuestion } from '../http/row-predictions.ts';
import { sendText } from '../http/send-text.ts';
import { UnservedPaths } from '../http/unserved-paths.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import type { Target } from '../prediction/prediction-operation.ts';
import { renderError } from './error-form.ts';
import { readPredictRequest } from './predict-request.ts';

/** "::" is Fastify's escape for a colon; the pattern ends the name before it. */
const PATH = '/v1/models/:name(^[^:]+)::predict';

const PREDICT: HttpPrediction<RowsQuestion, string> = {
  name: 'prediction',
  access: 'key',
  probe: false,
  renderError,
  target: ({ params }) => params as Target,
  ...rowPredictions(readPredictRequest),
};

/** `POST /v1/models/{name}:predict`. Errors for unknown paths under `/v1` have this protocol's form. */
@Injectable()
export class KservePredictRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly pipeline: Pipeline,
    private readonly unservedPaths: UnservedPaths,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const onRequest = whereModelIsKnown(this.pipeline, PREDICT);
    fastify.post(PATH, { config: { operation: PREDICT }, onRequest }, async (request, reply) =>
      sendText(reply, 'application/json', await this.pipeline.answer(PREDICT, request)),
    );
    this.unservedPaths.speakUnder('/v1', PREDICT);
  }
}
