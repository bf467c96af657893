import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpMetrics } from '../metrics/http-metrics.ts';
import { RequestRecords } from '../operation/request-records.ts';
import { operationOf } from './operation.ts';

type Record = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Writes down how each HTTP request went: a line with its id, method, path, status and duration in milliseconds, and for
 * predictions model, version and rows; and the counters of its route. Query strings and bodies are never written. Each
 * route gets a hook of its own with its counters bound to it, so that nothing is looked up per request.
 */
@Injectable()
export class HttpRecords {
  /** Listens from its construction on, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly metrics: HttpMetrics,
    private readonly records: RequestRecords,
  ) {
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => {
      const record = this.recordOf([route.method].flat().join('|'), route.url, operationOf(route).probe);
      const hook: NonNullable<typeof route.onResponse> = (request, reply, done) => {
        record(request, reply);
        done();
      };
      route.onResponse = [route.onResponse ?? [], hook].flat();
    });
    const recordUnserved = this.recordOf('any', 'none', false);
    fastify.addHook('onResponse', (request, reply, done) => {
      if (request.is404) recordUnserved(request, reply);
      done();
    });
  }

  private recordOf(method: string, route: string, probe: boolean): Record {
    const count = this.metrics.recorderOf({ method, route });
    return (request, reply) => {
      const { statusCode: status, elapsedTime: durationMs } = reply;
      const { id, method, served, failure } = request;
      count(status, durationMs / 1000);
      this.records.write(
        `"requestId":"${id}","method":"${method}","path":${JSON.stringify(pathOf(request.raw.url ?? ''))},"status":${status}`,
        { status, durationMs, served, failure, probe },
      );
    };
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
