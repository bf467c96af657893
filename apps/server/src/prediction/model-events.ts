import type { Logger } from 'pino';
import { type Engine, UNSERVED } from '#engine';

/** Writes what happens to models to the log. */
export function logModelEvents(models: Engine, logger: Logger): void {
  models.on('loading', ({ name, version }) => {
    logger.info({ model: name, version }, 'loading model');
    // Whatever the model does to the process, the log's last line names it.
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
  });
}
