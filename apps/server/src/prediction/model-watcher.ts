import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine, RepositoryWatcher } from '#engine';
import { PINO } from '../logging/logger.ts';

/** Watches the models folder while the application serves, where `WATCH` is on. */
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
      onError: ({ message }) => logger.error({ reason: message }, 'the models folder cannot be read: nothing changes'),
    });
  }

  onApplicationBootstrap(): void {
    this.watcher?.start();
  }

  /** No model is loaded any more once the process is stopping. */
  beforeApplicationShutdown(): void {
    this.watcher?.stop();
    this.models.stopChanges();
  }
}
