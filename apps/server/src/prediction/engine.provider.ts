import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { OnnxSessions } from '#onnx';
import { PINO } from '../logging/logger.ts';
import { ModelLoads } from '../metrics/model-loads.ts';
import { ModelMetrics } from '../metrics/model-metrics.ts';
import { reportModelEvents } from './model-events.ts';

/**
 * The engine, with every served version of every model open, warmed up and checked before the application starts. Throws
 * what stops the start: a missing repository, a corrupt model, an unknown default model.
 */
export const engineProvider: FactoryProvider<Engine> = {
  provide: Engine,
  inject: [OnnxSessions, Settings, PINO, ModelMetrics, ModelLoads],
  useFactory: (sessions: OnnxSessions, settings: Settings, logger: Logger, metrics: ModelMetrics, loads: ModelLoads) =>
    Engine.open(
      settings.modelsPath,
      {
        defaultModel: settings.defaultModel,
        versions: settings,
        sessions,
        trial: 'process',
        observe: (name, version) => metrics.of(name, version),
      },
      (models) => reportModelEvents(models, logger, metrics, loads),
    ),
};
