import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine, RepositoryWatcher } from '#engine';
import { PINO } from '../logging/logger.ts';

/** Watches the models folder while the application serves, if `WATCH` is on. */
@Injectable()
export class ModelWatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly watcher: RepositoryWatcher | undefined;

  constructor(
    @Inject(Engine) private readonly models: Engine,
    settings: Settings,
    @Inject(PINO) logger: Logger,
  ) {
    if (settings.watch === 'off') return;
    this.watcher = new RepositoryWatcher(models, {
      intervalSeconds: settings.watchIntervalSeconds,
      onError: ({ message }) =>
        logger.error({ reason: message }, 'the models folder cannot be read: the served models stay as they are'),
    });
  }

  onApplicationBootstrap(): void {
    this.watcher?.start();
  }

  /** Prevents models from being loaded once the process is shutting down. */
  beforeApplicationShutdown(): void {
    this.watcher?.stop();
    this.models.stopChanges();
  }
}
