import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBES } from '../http/probes.ts';
import { PINO } from './logger.ts';
import { RequestLog } from './request-log.ts';

const QUIET_PATHS: ReadonlySet<string> = new Set([...PROBES, '/metrics']);

/**
 * One line a request: id, method, path, status, duration in milliseconds and, for predictions, model, version and rows.
 * Probes and scrapes that succeed are logged at debug level only. Query strings and bodies are never written.
 */
@Injectable()
export class AccessLog implements OnModuleInit {
  private readonly log: RequestLog;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(PINO) logger: Logger,
  ) {
    this.log = new RequestLog(logger);
  }

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.write(request, reply);
      done();
    });
  }

  private write(request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request.raw.url ?? '');
    const { statusCode: status, elapsedTime: durationMs } = reply;
    const { id: requestId, method, served, failure } = request;
    this.log.write(
      `"requestId":"${requestId}","method":"${method}","path":${JSON.stringify(path)},"status":${status}`,
      { status, durationMs, served, failure, probe: QUIET_PATHS.has(path) },
    );
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
