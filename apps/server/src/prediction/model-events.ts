import type { Logger } from 'pino';
import type { Engine } from '#engine';
import type { ModelLoads } from '../metrics/model-loads.ts';
import type { ModelMetrics } from '../metrics/model-metrics.ts';
import { RetiredVersions } from '../metrics/retired-versions.ts';

/** Writes what happens to models to the log and to the metrics. */
export function reportModelEvents(models: Engine, logger: Logger, metrics: ModelMetrics, loads: ModelLoads): void {
  const retired = new RetiredVersions((name, version) => {
    metrics.forget(name, version);
    loads.forget(name, version);
  });
  const retire = (name: string, version: string): void => {
    // What was reloaded, or failed to be, is still served.
    if (!isServed(models, name, version)) retired.add(name, version);
  };

  models.on('loading', ({ name, version }) => {
    logger.info({ model: name, version }, 'loading model');
    // Whatever the model does to the process, the log's last line names it.
    logger.flush();
  });
  models.on('loaded', ({ name, version, loadMs, model: { source, rows, batching, execution } }) => {
    retired.remove(name, version);
    loads.succeeded(name, version, loadMs / 1000);
    const line = {
      model: name,
      version,
      digest: source.digest,
      loadMs: Math.round(loadMs),
      rows: rows.kind,
      rowsBy: rows.by,
      maxBatchRows: batching.maxBatchRows,
      execution: execution.where,
    };
    logger.info({ ...line, why: `${rows.reason} ${execution.reason}` }, 'model loaded');
  });
  models.on('failed', ({ name, version, reason }) => {
    loads.failed(name, version);
    retire(name, version);
    logger.error({ model: name, version, reason }, 'model could not be loaded; versions that are served are untouched');
  });
  models.on('separated', ({ name, version, reason }) => {
    logger.warn({ model: name, version, reason }, 'rows affect each other: each has a run of its own from now on');
  });
  models.on('moved', ({ name, version, reason }) => {
    logger.info({ model: name, version, reason }, 'runs take place in worker threads from now on');
  });
  models.on('unloaded', ({ name, version }) => {
    logger.info({ model: name, version }, 'model unloaded');
    retire(name, version);
  });
}

function isServed(models: Engine, name: string, version: string): boolean {
  return models.status().some((model) => model.name === name && model.served.some((one) => one.version === version));
}
