import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Readiness } from '../prediction/readiness.ts';
import { Operation } from '../http/operation.ts';
import { renderError } from './error-form.ts';
import { SERVER_METADATA, type ServerMetadata } from './metadata.ts';

/** The server's metadata, liveness and readiness. */
@Operation({ renderError })
@Controller('v2')
export class ServerController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  metadata(): ServerMetadata {
    return SERVER_METADATA;
  }

  @Operation({ access: 'open', probe: true })
  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { live: true } {
    return { live: true };
  }

  /** The status code tells readiness. The protocol's texts disagree on the member's name, and clients read either. */
  @Operation({ access: 'open', probe: true })
  @Get('health/ready')
  @Header('cache-control', 'no-store')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { live: boolean; ready: boolean } {
    const ready = this.readiness.isReady;
    reply.code(ready ? 200 : 503);
    return { live: ready, ready };
  }
}
