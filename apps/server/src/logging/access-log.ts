import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { PROBES } from '../http/probes.ts';
import { PINO } from './logger.ts';
import { requestLineWriter } from './request-line.ts';

const QUIET_PATHS: ReadonlySet<string> = new Set([...PROBES, '/metrics']);

/**
 * One line a request: id, method, path, status, duration in milliseconds and, for predictions, model, version and rows.
 * Probes and scrapes that succeed are logged at debug level only. Query strings and bodies are never written.
 */
@Injectable()
export class AccessLog implements OnModuleInit {
  private readonly writeLine: ReturnType<typeof requestLineWriter>;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    @Inject(PINO) private readonly logger: Logger,
  ) {
    this.writeLine = requestLineWriter(logger);
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
    if (status >= 500 || (status < 400 && QUIET_PATHS.has(path))) {
      const rounded = Math.round(durationMs * 1000) / 1000;
      const line = { requestId, method, path, status, durationMs: rounded, ...served, code: failure?.code };
      if (status < 400) this.logger.debug(line, 'request');
      else this.logger.error({ ...line, detail: failure?.message, err: failure?.cause }, 'request failed');
    } else {
      this.writeLine(
        `"requestId":"${requestId}","method":"${method}","path":${JSON.stringify(path)},"status":${status}`,
        { durationMs, served, code: failure?.code },
      );
    }
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
