import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { PINO } from '../logging/logger.ts';
import { ModelLoads } from '../metrics/model-loads.ts';
import { ModelMetrics } from '../metrics/model-metrics.ts';
import { reportModelEvents } from './model-events.ts';

/**
 * The ONNX sessions of the process: opens every served version of every model, warmed up and checked, before the
 * application starts. Throws what stops the start: a missing repository, a corrupt model, an unknown default model.
 */
export const onnxSessionProvider: FactoryProvider<Engine> = {
  provide: Engine,
  inject: [Settings, PINO, ModelMetrics, ModelLoads],
  useFactory: (settings: Settings, logger: Logger, metrics: ModelMetrics, loads: ModelLoads) =>
    Engine.open(
      {
        path: settings.modelsPath,
        defaultModel: settings.defaultModel,
        versions: settings,
        observe: (name, version) => metrics.of(name, version),
      },
      (models) => reportModelEvents(models, logger, metrics, loads),
    ),
};
