import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Histogram } from '#metrics';
import { MetricsRegistry } from './metrics-registry.ts';

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface RouteCount {
  readonly labels: { readonly method: string; readonly route: string };
  readonly byStatus: Map<number, number>;
}

/** Counts and times HTTP responses by method, route pattern and status. */
@Injectable()
export class HttpMetrics {
  private readonly counts: RouteCount[] = [];
  private readonly seconds = new Histogram(
    'nestor_http_request_duration_seconds',
    'Time from the arrival of a request to the end of its answer, by method and route.',
    SECONDS,
  );

  constructor(metrics: MetricsRegistry) {
    metrics.registry.registerMetric(this.seconds.asMetric());
    this.exportCounts(metrics);
  }

  /** Returns a recorder for the responses of one route. Call it once per route. */
  recorderOf(labels: RouteCount['labels']): (status: number, seconds: number) => void {
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
      help: 'HTTP responses by method, route and status. The route is a pattern, or "none" for an unknown path.',
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
