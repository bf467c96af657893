import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Engine } from '#engine';
import { Operation } from '../http/operation.ts';
import { Drain } from '../lifecycle/drain.ts';

/**
 * The MLflow whose scoring protocol is spoken, for clients that choose a request's form by it; not Nestor's own version,
 * which they would take for an MLflow from before this protocol.
 */
const MLFLOW_VERSION = '3.17.2';

/** What MLflow's scoring server answers beside predictions, in its own form: a line feed and a bare version, called JSON. */
@Controller()
export class ScoringServerController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly drain: Drain,
  ) {}

  /** SageMaker's health check: 200 while the default model is served, else 503. */
  @Operation({ access: 'open', probe: true })
  @Get(['ping', 'health'])
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  ping(@Res({ passthrough: true }) reply: FastifyReply): Buffer {
    reply.code(this.models.ready && !this.drain.draining ? 200 : 503);
    return Buffer.from('\n');
  }

  @Get('version')
  @Header('content-type', 'application/json')
  version(): Buffer {
    return Buffer.from(MLFLOW_VERSION);
  }
}
