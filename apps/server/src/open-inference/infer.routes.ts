import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Settings } from '#config';
import { targetOf } from '#engine';
import { whereModelIsKnown } from '../http/known-model.ts';
import type { HttpPrediction } from '../http/operation.ts';
import { weighJson } from '../http/json-weight.ts';
import { readBody } from '../http/read-body.ts';
import { UnservedPaths } from '../http/unserved-paths.ts';
import { BodyMemory } from '../memory/body-memory.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import type { Target } from '../prediction/prediction-operation.ts';
import { decodeInferRequest } from './decode-request.ts';
import { answererOf, encodeInferResponse } from './encode-response.ts';
import { renderError } from './error-form.ts';
import { type InferQuestion, questionOf } from './infer-request.ts';
import { joined, type ResponseBody, sendInferResponse } from './send-response.ts';
import { type Body, TensorBody } from './tensor-body.ts';

const PATHS = ['/v2/models/:name/infer', '/v2/models/:name/versions/:version/infer'];
/** Nestor reads all types alike. Naming the usual ones spares Fastify from parsing the header of each request. */
const USUAL_TYPES = ['application/json', 'application/octet-stream'];
const NO_BODY: Body = { bytes: Buffer.alloc(0), jsonLength: undefined };

const INFER: HttpPrediction<InferQuestion, ResponseBody> = {
  name: 'inference',
  access: 'key',
  probe: false,
  renderError,
  target: ({ params }) => params as Target,
  decode: (request, model) => {
    const { bytes, jsonLength } = bodyOf(request);
    const target = targetOf(model);
    weighJson(request, bytes.subarray(0, jsonLength));
    return questionOf(decodeInferRequest(bytes, jsonLength, target), target);
  },
  encode: (outputs, { wanted }, model) => joined(encodeInferResponse(wanted, outputs, answererOf(model))),
  describe: (request, { json }) => {
    const { bytes, jsonLength } = bodyOf(request);
    return { payload: bytes.toString('utf8', 0, jsonLength), answer: json };
  },
};

/**
 * `POST /v2/models/{name}[/versions/{version}]/infer`, registered on the Fastify instance with its own body reader.
 * It ignores the content type: some clients send JSON without one, or bytes as JSON. Errors for unknown paths under
 * `/v2` have this protocol's form.
 */
@Injectable()
export class InferRoutes implements OnModuleInit {
  private readonly memory = new BodyMemory();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly pipeline: Pipeline,
    private readonly unservedPaths: UnservedPaths,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const { maxBodyBytes } = this.settings;
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser([...USUAL_TYPES, '*'], (request, payload, done) =>
        readBody(request, payload, maxBodyBytes, (length) => new TensorBody(request, length, this.memory), done),
      );
      for (const path of PATHS) {
        const onRequest = whereModelIsKnown(this.pipeline, INFER);
        scope.post(path, { config: { operation: INFER }, onRequest }, async (request, reply) =>
          sendInferResponse(await this.pipeline.answer(INFER, request), request, reply),
        );
      }
    });
    this.unservedPaths.speakUnder('/v2', INFER);
  }
}

const bodyOf = ({ body }: FastifyRequest): Body => (body as Body | undefined) ?? NO_BODY;
