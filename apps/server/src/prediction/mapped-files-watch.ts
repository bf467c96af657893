import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { Settings } from '#config';
import { Engine, MappedFiles } from '#engine';
import { PINO } from '../logging/logger.ts';

/** Logs changes to the mapped files that runs read from. */
@Injectable()
export class MappedFilesWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly files: MappedFiles;

  constructor(@Inject(Engine) models: Engine, settings: Settings, @Inject(PINO) logger: Logger) {
    this.files = new MappedFiles(models, {
      intervalSeconds: settings.watchIntervalSeconds,
      onChange: ({ name, version, changedFiles }) =>
        logger.error(
          { model: name, version, files: changedFiles },
          'weights changed in place while the model is served: predictions are unreliable until the model is reloaded',
        ),
    });
  }

  onApplicationBootstrap(): void {
    this.files.start();
  }

  beforeApplicationShutdown(): void {
    this.files.stop();
  }
}
