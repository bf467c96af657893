import type { FactoryProvider } from '@nestjs/common';
import { Settings } from '#config';
import { ModelRepository } from '#models';
import { ModelMetrics } from '../metrics/model-metrics.ts';

/**
 * The ONNX sessions of the process: opens every served version of every model, warmed up and checked, before the
 * application starts. Throws what stops the start: a missing repository, a corrupt model, an unknown default model.
 */
export const onnxSessionProvider: FactoryProvider<ModelRepository> = {
  provide: ModelRepository,
  inject: [Settings, ModelMetrics],
  useFactory: (settings: Settings, metrics: ModelMetrics) =>
    ModelRepository.open({
      path: settings.modelsPath,
      defaultModel: settings.defaultModel,
      maxRows: settings.maxRows,
      maxBatchRows: settings.maxBatchRows,
      maxBatchWaitMs: settings.maxBatchWaitMs,
      maxQueuedRows: settings.maxQueuedRows,
      maxQueuedBytes: settings.maxQueuedBytes,
      execution: settings.execution,
      intraOpThreads: settings.intraOpThreads,
      workers: settings.workers,
      observe: (name, version) => metrics.of(name, version),
    }),
};
