import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBES } from '../http/probes.ts';
import { PINO } from './logger.ts';

const QUIET_PATHS: ReadonlySet<string> = new Set([...PROBES, '/metrics']);

/**
 * One line a request: id, method, path, status, duration in milliseconds and, for predictions, model, version and rows.
 * Probes and scrapes that succeed are logged at debug level only. Query strings and bodies are never written.
 */
@Injectable()
export class AccessLog implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.write(request, reply);
      done();
    });
  }

  private write(request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request.raw.url ?? '');
    const status = reply.statusCode;
    const { served, failure } = request;
    const line = {
      requestId: request.id,
      method: request.method,
      path,
      status,
      durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      model: served?.model,
      version: served?.version,
      rows: served?.rows,
      code: failure?.code,
    };
    if (status >= 500) this.logger.error({ ...line, detail: failure?.message, err: failure?.cause }, 'request failed');
    else if (status < 400 && QUIET_PATHS.has(path)) this.logger.debug(line, 'request');
    else this.logger.info(line, 'request');
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
