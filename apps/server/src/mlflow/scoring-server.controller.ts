import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Operation } from '../http/operation.ts';
import { Readiness } from '../prediction/readiness.ts';

/**
 * The MLflow whose scoring protocol is spoken, for clients that choose a request's form by it; not Nestor's own version,
 * which they would take for an MLflow from before this protocol.
 */
const MLFLOW_VERSION = '3.17.2';

/** What MLflow's scoring server answers beside predictions, in its own form: a line feed and a bare version, called JSON. */
@Controller()
export class ScoringServerController {
  constructor(private readonly readiness: Readiness) {}

  /** SageMaker's health check: 200 while the default model is served, else 503. */
  @Operation({ access: 'open', probe: true })
  @Get(['ping', 'health'])
  @Header('content-type', 'application/json')
  @Header('cache-control', 'no-store')
  ping(@Res({ passthrough: true }) reply: FastifyReply): Buffer {
    reply.code(this.readiness.isReady ? 200 : 503);
    return Buffer.from('\n');
  }

  @Get('version')
  @Header('content-type', 'application/json')
  version(): Buffer {
    return Buffer.from(MLFLOW_VERSION);
  }
}
