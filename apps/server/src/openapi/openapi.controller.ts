import { Controller, Get, Header, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '#config';
import { Engine } from '#engine';
import { Operation } from '../http/operation.ts';
import { version } from '../version.ts';
import { ApiParts } from './api-parts.ts';
import { docsAsset, DOCS_PAGE, DOCS_SCRIPT } from './docs-page.ts';
import { openApiDocument } from './document.ts';
import type { Schema } from './schema.ts';

/** The page loads nothing from another origin. Swagger UI sets styles on its elements, and shows its own pictures as data. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const A_DAY = 'public, max-age=86400';

@Controller()
export class OpenApiController {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    private readonly apis: ApiParts,
    private readonly settings: Settings,
  ) {}

  /** Created for each request: models come and go while the server runs. */
  @Get('openapi.json')
  @Header('cache-control', 'no-cache')
  document(@Req() request: FastifyRequest, @Query('model') model?: string): Schema {
    const { admin, apiKeysFile } = this.settings;
    const publicPath = request.publicPath();
    const options = { version, publicPath, model, administered: admin === 'on', hasKeys: apiKeysFile !== undefined };
    return openApiDocument(this.models, this.apis, options);
  }

  @Operation({ access: 'open' })
  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  page(@Req() { url }: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    // Below "docs/" the page would not find its parts.
    if (url.split('?', 1)[0]!.endsWith('/')) void reply.redirect('../docs', 308);
    return DOCS_PAGE;
  }

  @Operation({ access: 'open' })
  @Get('docs/swagger-ui.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', A_DAY)
  style(): Promise<Buffer> {
    return docsAsset('swagger-ui.css');
  }

  @Operation({ access: 'open' })
  @Get('docs/swagger-ui-bundle.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', A_DAY)
  script(): Promise<Buffer> {
    return docsAsset('swagger-ui-bundle.js');
  }

  @Operation({ access: 'open' })
  @Get('docs/start.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  start(): string {
    return DOCS_SCRIPT;
  }
}
