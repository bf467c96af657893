import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Settings } from '#config';
import { ModelRepository } from '#models';
import { version } from '../version.ts';
import { homePage } from './home-page.ts';

/** Scripts are never needed and nothing is loaded from elsewhere: the page carries its few styles. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

@Controller()
export class HomeController {
  constructor(
    @Inject(ModelRepository) private readonly models: ModelRepository,
    private readonly settings: Settings,
  ) {}

  /** A page where HTML is asked for, else JSON, whose `status` is what KServe's client takes for life. */
  @Get()
  home(
    @Headers('accept') accept: string | undefined,
    @Headers('host') host: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | Buffer {
    reply.header('vary', 'accept').header('cache-control', 'no-cache');
    if (accept?.includes('text/html') !== true) {
      reply.header('content-type', 'application/json');
      return Buffer.from(JSON.stringify(this.state()));
    }
    reply.header('content-type', 'text/html; charset=utf-8');
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    return homePage(this.models.status(), this.models.defaultModel, host ?? 'localhost');
  }

  private state(): object {
    return {
      status: 'alive',
      name: 'nestor',
      version,
      protocols: this.settings.protocols,
      defaultModel: this.models.defaultModel ?? null,
      models: this.models.status().map(({ name, served }) => ({
        name,
        versions: served.map((model) => model.version),
      })),
    };
  }
}
