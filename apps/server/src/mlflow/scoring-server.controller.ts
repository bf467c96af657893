import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Operation } from '../http/operation.ts';
import { Readiness } from '../prediction/readiness.ts';

/**
 * The MLflow version whose scoring protocol Nestor implements. Clients choose a request's form by it. They would take
 * Nestor's own version for an MLflow older than this protocol.
 */
const MLFLOW_VERSION = '3.17.2';

/** The other responses of MLflow's scoring server in its form: a line feed or a version as plain text, sent as JSON. */
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
