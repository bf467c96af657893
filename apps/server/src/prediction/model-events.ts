import type { Logger } from 'pino';
import type { ModelRepository } from '#models';
import type { ModelLoads } from '../metrics/model-loads.ts';

/** Writes what happens to models to the log and to the metrics. */
export function reportModelEvents(models: ModelRepository, logger: Logger, loads: ModelLoads): void {
  models.on('loaded', ({ name, version, loadMs, model: { batching, execution } }) => {
    loads.succeeded(name, version, loadMs / 1000);
    const line = {
      model: name,
      version,
      loadMs: Math.round(loadMs),
      batching: batching.mode,
      execution: execution.where,
    };
    logger.info({ ...line, why: `${batching.reason} ${execution.reason}` }, 'model loaded');
  });
  models.on('failed', ({ name, version, reason }) => {
    loads.failed(name, version);
    logger.error({ model: name, version, reason }, 'model could not be loaded; versions that are served are untouched');
  });
  models.on('unloaded', ({ name, version }) => logger.info({ model: name, version }, 'model unloaded'));
}
