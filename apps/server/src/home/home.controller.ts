import { Controller, Get, Headers, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '#config';
import { Engine } from '#engine';
import { CONSOLE_POLICY, consoleFile } from '../console/console-files.ts';
import { wantsPage } from '../http/negotiation.ts';
import { Operation } from '../http/operation.ts';
import { version } from '../version.ts';
import { homePage } from './home-page.ts';

/** The plain page needs no scripts and loads nothing: it carries its few styles. */
const PLAIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; frame-ancestors 'none'";

/** A page whose links lead below this path, even if the request lacked the slash at the end. */
const withBase = (page: string, publicPath: string): string =>
  publicPath === '' ? page : page.replace('<head>', `<head>\n<base href="${publicPath}/">`);

@Controller()
export class HomeController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly settings: Settings,
  ) {}

  /**
   * A page for requests that accept HTML: the console, or without it a plain page. Otherwise JSON, whose `status` KServe's
   * client takes as a sign of life.
   */
  @Operation({ access: 'page' })
  @Get()
  async home(
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Buffer> {
    const vary = [reply.getHeader('vary') ?? [], 'accept'].flat().join(', ');
    reply.header('vary', vary).header('cache-control', 'no-cache');
    if (!wantsPage(accept)) {
      reply.header('content-type', 'application/json');
      return Buffer.from(JSON.stringify(this.state()));
    }
    const publicPath = request.publicPath();
    reply.header('content-type', 'text/html; charset=utf-8');
    if (this.settings.console === 'on') {
      reply.header('content-security-policy', CONSOLE_POLICY);
      return withBase((await consoleFile('index.html')).content.toString(), publicPath);
    }
    reply.header('content-security-policy', PLAIN_POLICY);
    const root = `${request.protocol}://${request.host || 'localhost'}${publicPath}`;
    return withBase(homePage(this.models.status(), this.models.defaultModel, root), publicPath);
  }

  private state(): object {
    return {
      status: 'alive',
      name: 'nestor',
      version,
      protocols: this.settings.protocols,
      admin: this.settings.admin,
      defaultModel: this.models.defaultModel ?? null,
      models: this.models.status().map(({ name, served }) => ({
        name,
        versions: served.map((model) => model.version),
      })),
    };
  }
}
