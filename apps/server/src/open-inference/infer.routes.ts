import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { readBody } from '../http/read-body.ts';
import { UnservedPaths } from '../http/unserved-paths.ts';
import { PINO } from '../logging/logger.ts';
import { httpCaller } from '../prediction/http-caller.ts';
import { BodyMemory } from './body-memory.ts';
import { decodeInferRequest } from './decode-request.ts';
import { renderError } from './error-form.ts';
import { encodeInferResponse } from './encode-response.ts';
import { type InferRequest, type InferTarget, outputNames, targetOf } from './infer-request.ts';
import { sendInferResponse } from './send-response.ts';
import { type Body, TensorBody } from './tensor-body.ts';

interface ModelParams {
  readonly name: string;
  readonly version?: string;
}

/** Named though all are read alike: Fastify takes the header of a type without a name apart for each request. */
const USUAL_TYPES = ['application/json', 'application/octet-stream'];
const NOTHING = Buffer.alloc(0);
const NO_BODY: Body = { bytes: NOTHING, jsonLength: undefined, memory: NOTHING };

/**
 * `POST /v2/models/{name}[/versions/{version}]/infer`, on the Fastify instance itself, with a way of its own to read
 * bodies. The content type is not looked at: clients send JSON without one, and bytes as JSON.
 */
@Injectable()
export class InferRoutes implements OnModuleInit {
  private readonly memory = new BodyMemory();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @Inject(Engine) private readonly models: Engine,
    private readonly unservedPaths: UnservedPaths,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const { maxBodyBytes } = this.settings;
    this.unservedPaths.speakUnder('/v2', { renderError });
    void fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser([...USUAL_TYPES, '*'], ({ headers }, payload, done) =>
        readBody(headers, payload, maxBodyBytes, (length) => new TensorBody(headers, length, this.memory), done),
      );
      for (const path of ['/v2/models/:name/infer', '/v2/models/:name/versions/:version/infer']) {
        scope.post(path, { config: { operation: { renderError } } }, (request, reply) => this.infer(request, reply));
      }
    });
  }

  private async infer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { name, version } = request.params as ModelParams;
    const model = this.models.get(name, version);
    const served = { model: model.name, version: model.version, rows: 0 };
    request.served = served;
    const body = (request.body as Body | undefined) ?? NO_BODY;
    const target = targetOf(model);
    const { inputs, rows, timeoutMs, ...wanted } = this.decode(body, target);
    served.rows = rows;
    const outputs = outputNames(wanted.outputs, target.signature);
    const caller = httpCaller(request, timeoutMs);
    const run = await model.leased(() => model.run({ inputs, rows, outputs }, caller));
    const response = encodeInferResponse(wanted, run.outputs, {
      name: model.name,
      version: model.version,
      hasRows: target.hasRows,
      labels: model.manifest.labels,
    });
    if (this.logger.isLevelEnabled('debug')) {
      const payload = body.bytes.toString('utf8', 0, body.jsonLength);
      this.logger.debug({ requestId: request.id, payload, answer: response.json }, 'inference');
    }
    const sent = sendInferResponse(request, reply, response);
    this.memory.giveBack(body.memory);
    return sent;
  }

  private decode({ bytes, jsonLength, memory }: Body, target: InferTarget): InferRequest {
    try {
      return decodeInferRequest(bytes, jsonLength, target);
    } catch (refusal) {
      this.memory.giveBack(memory);
      throw refusal;
    }
  }
}
