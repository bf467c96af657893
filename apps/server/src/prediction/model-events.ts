import type { Logger } from 'pino';
import { type Engine, UNSERVED } from '#engine';

/** Logs the events of models. */
export function logModelEvents(models: Engine, logger: Logger): void {
  models.on('loading', ({ name, version }) => {
    logger.info({ model: name, version }, 'loading model');
    // If loading kills the process, the log's last line names the model.
    logger.flush();
  });
  models.on('loaded', ({ name, version, loadMs, model: { source, unservedOutputs, rows, batching, execution } }) => {
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
    for (const output of unservedOutputs)
      logger.warn({ model: name, version, output, why: UNSERVED }, 'output not served');
    logger.info({ ...line, why: `${rows.reason} ${execution.reason}` }, 'model loaded');
  });
  models.on('failed', ({ name, version, reason }) => {
    logger.error({ model: name, version, reason }, 'model could not be loaded; its served versions are unaffected');
  });
  models.on('separated', ({ name, version, reason }) => {
    logger.warn({ model: name, version, reason }, 'rows affect each other: from now on each row runs alone');
  });
  models.on('moved', ({ name, version, reason }) => {
    logger.info({ model: name, version, reason }, 'from now on the model runs in worker threads');
  });
  models.on('unloaded', ({ name, version }) => {
    logger.info({ model: name, version }, 'model unloaded');
  });
}
