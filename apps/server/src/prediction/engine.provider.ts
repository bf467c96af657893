import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine } from '#engine';
import { EngineFigures, ModelMetrics } from '#metrics';
import { OnnxSessions } from '#onnx';
import { PINO } from '../logging/logger.ts';
import { MetricsRegistry } from '../metrics/metrics-registry.ts';
import { logModelEvents } from './model-events.ts';

/**
 * The engine. Every served version of every model is opened, warmed up and checked before the application starts.
 * Throws the errors that stop the start: a missing repository, a corrupt model, an unknown default model.
 */
export const engineProvider: FactoryProvider<Engine> = {
  provide: Engine,
  inject: [OnnxSessions, Settings, PINO, MetricsRegistry, ModelMetrics],
  useFactory: (
    sessions: OnnxSessions,
    settings: Settings,
    logger: Logger,
    { registry }: MetricsRegistry,
    metrics: ModelMetrics,
  ) =>
    Engine.open(
      settings.modelsPath,
      {
        defaultModel: settings.defaultModel,
        // The memory budget limits the queues of all models together.
        versions: Object.assign({ maxQueuedBytes: Number.MAX_SAFE_INTEGER }, settings),
        sessions,
        trial: 'process',
        // With STRICT_MODELS, a pod waits for its newest versions, so that a rollout stops.
        fallsBack: settings.strictModels === 'off',
        observe: (name, version) => metrics.of(name, version),
      },
      (models) => {
        new EngineFigures(registry, metrics).follow(models);
        logModelEvents(models, logger);
      },
    ),
};
