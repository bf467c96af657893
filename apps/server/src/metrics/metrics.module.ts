import { Global, Module } from '@nestjs/common';
import { HttpMetrics } from './http-metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { ModelMetrics } from './model-metrics.ts';

@Global()
@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, ModelMetrics, HttpMetrics],
  exports: [ModelMetrics, MetricsRegistry],
})
export class MetricsModule {}
