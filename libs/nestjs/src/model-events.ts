import type { Engine } from '#engine';

type Log = Readonly<Record<'log' | 'warn' | 'error' | 'debug', (line: string) => void>>;

/** Writes what happens to models to the application's log. */
export function logModelEvents(models: Engine, logger: Log): void {
  models.on('loading', ({ name, version }) => logger.debug(`Loading version ${version} of ${name}`));
  models.on('loaded', ({ name, version, loadMs, model: { rows, execution } }) => {
    const time = `${Math.round(loadMs)} ms`;
    logger.log(`Loaded version ${version} of ${name} in ${time}: ${rows.reason} ${execution.reason}`);
  });
  models.on('failed', ({ name, version, reason }) => {
    logger.error(`${version === '' ? name : `Version ${version} of ${name}`} could not be loaded: ${reason}`);
  });
  models.on('separated', ({ name, version, reason }) => {
    logger.warn(`Rows of version ${version} of ${name} affect each other and now run alone: ${reason}`);
  });
  models.on('moved', ({ name, version, reason }) => {
    logger.log(`Version ${version} of ${name} now runs in worker threads: ${reason}`);
  });
  models.on('unloaded', ({ name, version }) => logger.log(`Unloaded version ${version} of ${name}`));
}
