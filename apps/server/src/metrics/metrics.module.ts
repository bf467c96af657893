import { Global, Module } from '@nestjs/common';
import { CpuThrottling } from './cpu-throttling.ts';
import { HttpMetrics } from './http-metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { MetricsRegistry } from './metrics-registry.ts';
import { ModelLoads } from './model-loads.ts';
import { ModelMetrics } from './model-metrics.ts';

@Global()
@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, ModelMetrics, ModelLoads, HttpMetrics, CpuThrottling],
  exports: [MetricsRegistry, ModelMetrics, ModelLoads, HttpMetrics],
})
export class MetricsModule {}
