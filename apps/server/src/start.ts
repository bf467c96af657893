import type { Logger } from 'pino';
import { readSettings, type Settings, SettingsError } from '#config';
import { Engine } from '#engine';
import { createLogger } from './logging/logger.ts';
import { firstCurlExample } from './models/curl-example.ts';
import { createServer, listen } from './server.ts';
import { version } from './version.ts';

/**
 * Runs the server with the settings of an environment until a signal stops it: the one start, whether by the container's
 * entry point or by `nestor serve`. Whatever stops the start is said on stderr in one sentence, with exit code 1.
 */
export function start(env: Environment): Promise<void> {
  return attempt(env, serve);
}

/**
 * Does all that a start does but open the ports: whether it would serve is told by the exit code, and as a start tells it.
 */
export function check(env: Environment): Promise<void> {
  return attempt(env, async (settings, logger) => {
    const app = await createServer(settings, logger);
    const models = app.get(Engine).status();
    await app.close();
    logger.info(
      { version, models: models.map(({ name }) => name) },
      `Nestor ${version} would serve ${settings.modelsPath}`,
    );
    process.exit(0);
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

async function attempt(env: Environment, act: (settings: Settings, logger: Logger) => Promise<void>): Promise<void> {
  try {
    const settings = readSettings(env, process.stdout.isTTY);
    await act(settings, await createLogger(settings));
  } catch (error) {
    process.stderr.write(`Nestor could not start: ${messageOf(error)}\n`);
    process.exit(1);
  }
}

async function serve(settings: Settings, logger: Logger): Promise<void> {
  // As process 1 of a container, a process without a handler of its own is not ended by a signal.
  const leave = (): never => process.exit(0);
  process.once('SIGTERM', leave).once('SIGINT', leave);
  const app = await createServer(settings, logger);
  process.off('SIGTERM', leave).off('SIGINT', leave);
  // Installed before the port is open: whoever reaches the server may also stop it. As process 1 of a container the
  // process must end itself, since the kernel ignores a signal that it sends to itself.
  app.enableShutdownHooks([], { useProcessExit: true });
  const url = await listen(app, settings);
  const readyMs = Math.round(performance.now());
  const models = app.get(Engine);
  const { cpus, source } = models.cpuLimit;
  logger.info({ cpus, source }, 'CPU limit');
  logger.info({ version, url, readyMs, pid: process.pid }, `Nestor ${version} serves ${settings.modelsPath} on ${url}`);
  const example = settings.protocols.includes('plain') ? firstCurlExample(models, url) : undefined;
  if (example !== undefined) logger.info(`Try it: ${example}`);
}

/** A mistake of the user is a sentence; only what we did not foresee needs its stack. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}. Another process has the port; set PORT to a free one.`;
  if (error instanceof SettingsError || error.name === 'RepositoryError' || error.name === 'KeyFileError')
    return error.message;
  return error.stack ?? error.message;
}
