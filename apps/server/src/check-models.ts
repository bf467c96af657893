import { brokenModels, Engine } from '#engine';
import { RepositoryError } from '#models';
import { attempt, endProcess } from './attempt.ts';
import { createServer } from './server.ts';
import { version } from './version.ts';

/** Loads all models like a start with the settings of an environment, and fails if any of them cannot be served. */
export function checkModels(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  return attempt(env, 'The check failed', async (settings, log) => {
    const app = await createServer(settings, log.logger, log.output);
    const models = app.get(Engine).status();
    await app.close();
    const broken = brokenModels(models);
    if (broken.length > 0) throw new RepositoryError(broken.join('\n'));
    log.logger.info(
      { version, models: models.map(({ name }) => name) },
      `Nestor ${version} would serve ${settings.modelsPath}`,
    );
    await endProcess(0, log);
  });
}
