import { Controller, Get, Header, Inject, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Engine } from '#engine';
import { Drain } from '../lifecycle/drain.ts';
import { OpenInferenceErrorFilter } from './error.filter.ts';
import { SERVER_METADATA, type ServerMetadata } from './metadata.ts';

/** The server as a whole: what it is, and whether it lives and is ready. */
@Controller('v2')
@UseFilters(OpenInferenceErrorFilter)
export class ServerController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly drain: Drain,
  ) {}

  @Get()
  metadata(): ServerMetadata {
    return SERVER_METADATA;
  }

  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { live: true } {
    return { live: true };
  }

  /** The answer is in the status; the protocol's texts disagree on what the body calls it, and clients read either. */
  @Get('health/ready')
  @Header('cache-control', 'no-store')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { live: boolean; ready: boolean } {
    const ready = this.models.ready && !this.drain.draining;
    reply.code(ready ? 200 : 503);
    return { live: ready, ready };
  }
}
