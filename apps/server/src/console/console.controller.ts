import { Controller, Get, Headers, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Operation } from '../http/operation.ts';
import { consoleFile, type ConsoleFileName } from './console-files.ts';

/** The files that the console's page loads. They need no key because they contain nothing about the models. */
@Operation({ access: 'open' })
@Controller('console')
export class ConsoleController {
  @Get('app.js')
  script(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    return send('app.js', known, reply);
  }

  @Get('style.css')
  style(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    return send('style.css', known, reply);
  }

  @Get('icon.svg')
  icon(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    return send('icon.svg', known, reply);
  }
}

async function send(name: ConsoleFileName, known: string | undefined, reply: FastifyReply): Promise<void> {
  const { content, type, etag } = await consoleFile(name);
  reply.header('cache-control', 'no-cache').header('etag', etag).header('x-content-type-options', 'nosniff');
  await (known === etag ? reply.code(304).send() : reply.header('content-type', type).send(content));
}
