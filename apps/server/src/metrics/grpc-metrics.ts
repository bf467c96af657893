import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from './metrics-registry.ts';

/** Counts gRPC responses by method and status code. Each message of a stream counts. */
@Injectable()
export class GrpcMetrics {
  private readonly counts: { readonly method: string; readonly byCode: Map<string, number> }[] = [];

  constructor({ registry }: MetricsRegistry) {
    const { counts } = this;
    new Counter({
      name: 'nestor_grpc_requests_total',
      help: 'gRPC responses by method and status code.',
      labelNames: ['method', 'code'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { method, byCode } of counts) {
          for (const [code, count] of byCode) this.inc({ method, code }, count);
        }
      },
    });
  }

  /** Returns a counter for the responses of one method. Call it once per method. */
  recorderOf(method: string): (code: string) => void {
    const byCode = new Map<string, number>();
    this.counts.push({ method, byCode });
    return (code) => void byCode.set(code, (byCode.get(code) ?? 0) + 1);
  }
}
