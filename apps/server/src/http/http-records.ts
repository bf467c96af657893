import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { HttpMetrics } from '../metrics/http-metrics.ts';
import { RequestRecords } from '../operation/request-records.ts';
import { operationOf } from './operation.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Records a request that reached no route and no hook. */
    recordUnrouted: Record;
  }
}

type Record = (request: FastifyRequest, reply: FastifyReply, status?: number) => void;

/** nginx's status for a caller that left before the response. */
const LEFT = 499;

/**
 * Records each HTTP request: a line with its id, method, path, status and duration in milliseconds, for predictions
 * also model, version and rows; and the counters of its route. It never records query strings or bodies. Each route has
 * its own hook, bound to its counters, so that nothing is looked up per request.
 */
@Injectable()
export class HttpRecords {
  private readonly ofRoutes = new Map<string, Record>();
  private readonly unserved: Record;
  private readonly countUnread: (status: number, seconds: number) => void;

  /** Hooks into Fastify when it is constructed, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    private readonly metrics: HttpMetrics,
    private readonly records: RequestRecords,
  ) {
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => {
      const method = [route.method].flat().join('|');
      const record = this.recordOf(method, route.url, operationOf(route).probe);
      for (const one of [route.method].flat()) this.ofRoutes.set(`${one} ${route.url}`, record);
      const hook: NonNullable<typeof route.onResponse> = (request, reply, done) => {
        record(request, reply);
        done();
      };
      route.onResponse = [route.onResponse ?? [], hook].flat();
    });
    this.unserved = this.recordOf('any', 'none', false);
    fastify.decorate('recordUnrouted', this.unserved);
    this.countUnread = metrics.recorderOf({ method: 'any', route: 'unread' });
    fastify.addHook('onResponse', (request, reply, done) => {
      if (request.is404) this.unserved(request, reply);
      done();
    });
  }

  /** Call this when a request's connection closes. If its response was not sent yet, its caller has left. */
  left(request: FastifyRequest, reply: FastifyReply): void {
    if (request.recorded) return;
    request.failure = new NestorError('CANCELLED', 'The client left before the response.');
    const { method, url = '' } = request.routeOptions;
    (this.ofRoutes.get(`${[method].flat()[0]} ${url}`) ?? this.unserved)(request, reply, LEFT);
  }

  /** Records a request that could not be parsed and got an error. */
  unread(failure: NestorError, id: string): void {
    const { status } = failure.entry;
    this.countUnread(status, 0);
    const outcome = { status, durationMs: 0, served: undefined, failure, probe: false };
    this.records.write(`"requestId":"${id}","status":${status}`, outcome);
  }

  private recordOf(method: string, route: string, probe: boolean): Record {
    const count = this.metrics.recorderOf({ method, route });
    return (request, reply, status = reply.statusCode) => {
      request.recorded = true;
      const { elapsedTime: durationMs } = reply;
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
