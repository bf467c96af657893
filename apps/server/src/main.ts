import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { readSettings, type Settings, SettingsError, settingsHelp } from '#config';
import { createLogger } from './logging/logger.ts';
import { ModelRepository } from '#models';
import { firstCurlExample } from './models/curl-example.ts';
import { createServer, listen } from './server.ts';
import { version } from './version.ts';

/** Runs the server until a signal stops it. Whatever stops the start is said in one line, with exit code 1. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } });
  if (values.help) return void process.stdout.write(settingsHelp());
  if (values.version) return void process.stdout.write(`${version}\n`);
  const settings = readSettings(process.env, process.stdout.isTTY);
  await serve(settings, await createLogger(settings));
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
  const models = app.get(ModelRepository);
  const { cpus, source } = models.cpuLimit;
  logger.info({ cpus, source }, 'CPU limit');
  logger.info({ version, url, readyMs, pid: process.pid }, `Nestor ${version} serves ${settings.modelsPath} on ${url}`);
  const example = firstCurlExample(models, url);
  if (example !== undefined) logger.info(`Try it: ${example}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`Nestor could not start: ${messageOf(error)}\n`);
  process.exit(1);
});

/** A mistake of the user is a sentence; only what we did not foresee needs its stack. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE')
    return `${error.message}. Another process has the port; set PORT to a free one.`;
  if (error instanceof SettingsError || error.name === 'RepositoryError' || error.name === 'KeyFileError')
    return error.message;
  return error.stack ?? error.message;
}
