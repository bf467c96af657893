import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { HttpMetrics } from '../metrics/http-metrics.ts';
import { RequestRecords } from '../operation/request-records.ts';
import { operationOf } from './operation.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Writes down a request that no route and no hook was asked for. */
    recordUnrouted: Record;
  }
}

type Record = (request: FastifyRequest, reply: FastifyReply, status?: number) => void;

/** As nginx writes down a caller who left before the answer. */
const LEFT = 499;

/**
 * Writes down how each HTTP request went: a line with its id, method, path, status and duration in milliseconds, and for
 * predictions model, version and rows; and the counters of its route. Query strings and bodies are never written. Each
 * route gets a hook of its own with its counters bound to it, so that nothing is looked up per request.
 */
@Injectable()
export class HttpRecords {
  private readonly ofRoutes = new Map<string, Record>();
  private readonly unserved: Record;
  private readonly countUnread: (status: number, seconds: number) => void;

  /** Listens from its construction on, so that it sees every route. */
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

  /** The connection of a request was closed: where that was before its answer was out, its caller has left. */
  left(request: FastifyRequest, reply: FastifyReply): void {
    if (request.recorded) return;
    request.failure = new NestorError('CANCELLED', 'The client left before the answer.');
    const { method, url = '' } = request.routeOptions;
    (this.ofRoutes.get(`${[method].flat()[0]} ${url}`) ?? this.unserved)(request, reply, LEFT);
  }

  /** A request that could not be read, and was answered with an error. */
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
