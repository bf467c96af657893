import { type FactoryProvider, Global, Module } from '@nestjs/common';
import { ModelMetrics } from '#metrics';
import { CpuThrottling } from './cpu-throttling.ts';
import { HttpMetrics } from './http-metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const modelMetrics: FactoryProvider<ModelMetrics> = {
  provide: ModelMetrics,
  inject: [MetricsRegistry],
  useFactory: ({ registry }: MetricsRegistry) => new ModelMetrics(registry),
};

@Global()
@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, modelMetrics, HttpMetrics, CpuThrottling],
  exports: [MetricsRegistry, ModelMetrics, HttpMetrics],
})
export class MetricsModule {}
