import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Operation } from '../http/operation.ts';
import { ModelsHealthIndicator } from './models.health.ts';

@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly models: ModelsHealthIndicator,
  ) {}

  /** Checks only that the event loop runs, so that no model and no queue can make Kubernetes kill the process. */
  @Operation({ access: 'open', probe: true })
  @Get(['livez', 'health/live'])
  @Header('cache-control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Terminus' response: 200 with `status: ok`, or 503 with the reason. */
  @Operation({ access: 'open', probe: true })
  @Get(['readyz', 'health/ready'])
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    try {
      return await this.health.check([() => this.models.check()]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      reply.code(503);
      return error.getResponse();
    }
  }
}
