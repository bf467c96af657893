import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from './metrics-registry.ts';

/** Counts the answers to gRPC calls by method and status code; each message of a stream is one. */
@Injectable()
export class GrpcMetrics {
  private readonly counts: { readonly method: string; readonly byCode: Map<string, number> }[] = [];

  constructor({ registry }: MetricsRegistry) {
    const { counts } = this;
    new Counter({
      name: 'nestor_grpc_requests_total',
      help: 'Answers to gRPC calls by method and status code.',
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

  /** What counts the answers of a method; made once a method. */
  recorderOf(method: string): (code: string) => void {
    const byCode = new Map<string, number>();
    this.counts.push({ method, byCode });
    return (code) => void byCode.set(code, (byCode.get(code) ?? 0) + 1);
  }
}
