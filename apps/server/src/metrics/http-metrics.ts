import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { Counter } from 'prom-client';
import { Histogram } from './histogram.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { ModelMetrics } from './model-metrics.ts';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const NO_ROUTE = { method: 'any', route: 'none' };

interface RouteCount {
  readonly labels: { readonly method: string; readonly route: string };
  readonly byStatus: Map<number, number>;
}

/**
 * Counts and times every answer by method, route pattern and status, and hands predictions on to the model's metrics.
 * Each route gets a hook of its own with its counters bound to it, so that nothing is looked up per request.
 */
@Injectable()
export class HttpMetrics {
  private readonly counts: RouteCount[] = [];
  private readonly seconds = new Histogram(
    'nestor_http_request_duration_seconds',
    'Time from the arrival of a request to the end of its answer, by method and route.',
    SECONDS,
  );

  /** Listens from its construction on, so that it sees every route. */
  constructor(
    adapterHost: HttpAdapterHost,
    metrics: MetricsRegistry,
    private readonly models: ModelMetrics,
  ) {
    metrics.registry.registerMetric(this.seconds.asMetric());
    this.exportCounts(metrics);
    const fastify = adapterHost.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onRoute', (route) => this.observeRoute(route));
    this.observeUnknownPaths(fastify);
  }

  private observeRoute(route: RouteOptions): void {
    const record = this.recorderOf({ method: [route.method].flat().join('|'), route: route.url });
    const observe: NonNullable<RouteOptions['onResponse']> = (request, reply, done) => {
      const elapsed = reply.elapsedTime / 1000;
      record(reply.statusCode, elapsed);
      const { served } = request;
      if (served !== null) {
        this.models.of(served.model, served.version).answered(request.failure?.code ?? 'ok', served.rows, elapsed);
      }
      done();
    };
    route.onResponse = [route.onResponse ?? [], observe].flat();
  }

  private observeUnknownPaths(fastify: FastifyInstance): void {
    const record = this.recorderOf(NO_ROUTE);
    fastify.addHook('onResponse', (request, reply, done) => {
      if (request.is404) record(reply.statusCode, reply.elapsedTime / 1000);
      done();
    });
  }

  private recorderOf(labels: RouteCount['labels']): (status: number, seconds: number) => void {
    const byStatus = new Map<number, number>();
    this.counts.push({ labels, byStatus });
    const histogram = this.seconds.child(labels);
    return (status, seconds) => {
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      histogram.observe(seconds);
    };
  }

  private exportCounts({ registry }: MetricsRegistry): void {
    const { counts } = this;
    new Counter({
      name: 'nestor_http_requests_total',
      help: 'Answers by method, route and status; the route is the pattern, "none" for a path that nobody serves.',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, byStatus } of counts) {
          for (const [status, count] of byStatus) this.inc({ ...labels, status: String(status) }, count);
        }
      },
    });
  }
}
