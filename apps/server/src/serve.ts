import type { NestApplicationContext } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { Settings } from '#config';
import { Engine } from '#engine';
import { attempt, endProcess, fail } from './attempt.ts';
import { Drain } from './lifecycle/drain.ts';
import { endAtOnce } from './lifecycle/end-at-once.ts';
import type { Stoppable, StopSignals } from './lifecycle/stop-signals.ts';
import type { Log } from './logging/logger.ts';
import { firstCurlExample } from './models/curl-example.ts';
import { createServer, listen } from './server.ts';
import { version } from './version.ts';

/** How long cut connections may take to close. */
const AFTER_CUT_MS = 1000;

/** Serves with the settings of an environment until a signal stops it. */
export function serve(env: Readonly<Record<string, string | undefined>>, signals: StopSignals): Promise<void> {
  return attempt(env, 'Nestor could not start', async (settings, log) => {
    const app = await createServer(settings, log.logger, log.output);
    // Before the port opens, so that a server that can be reached can also be stopped.
    signals.serve(stoppable(app, settings, log));
    try {
      await open(app, settings, log.logger);
    } catch (error) {
      // A signal may close the port while it is being opened. That is not a failure.
      if (!signals.stopping) throw error;
    }
  });
}

function stoppable(app: NestFastifyApplication, settings: Settings, log: Log): Stoppable {
  // Nest's interface omits the signal, which its class accepts.
  const context: Pick<NestApplicationContext, 'close'> = app;
  return {
    stop: (signal) => {
      // A run in a worker thread may never end, and its caller is gone.
      setTimeout(() => endAtOnce(0), settings.shutdownSeconds * 1000 + AFTER_CUT_MS).unref();
      context.close(signal).then(
        () => endProcess(0, log),
        (error: unknown) => fail('Nestor could not shut down cleanly', error, log),
      );
    },
    hurry: () => app.get(Drain).hurry(),
  };
}

async function open(app: NestFastifyApplication, settings: Settings, logger: Logger): Promise<void> {
  const url = await listen(app, settings);
  const readyMs = Math.round(performance.now());
  const models = app.get(Engine);
  const { cpus, source } = models.cpuLimit;
  logger.info({ cpus, source }, 'CPU limit');
  logger.info({ version, url, readyMs, pid: process.pid }, `Nestor ${version} serves ${settings.modelsPath} on ${url}`);
  const example = settings.protocols.includes('plain') ? firstCurlExample(models, url) : undefined;
  if (example !== undefined) logger.info(`Try it: ${example}`);
}
