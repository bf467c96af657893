import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest } from '../manifest-type.ts';
import type { VersionOptions } from '../load-version.ts';
import { ModelRepository, type RepositoryOptions } from '../model-repository.ts';
import { testModel } from '../../../../test/models/test-models.ts';

/** Answers its input plus 1, as the predecessor of PLUS_TWO. */
export const PLUS_ONE = testModel('two-versions', '1');
export const PLUS_TWO = testModel('two-versions', '2');
export const TRUNCATED = testModel('invalid/truncated');

/** A folder for models that is removed again by `remove`. */
export class ModelsOnDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<ModelsOnDisk> {
    return new ModelsOnDisk(await mkdtemp(join(tmpdir(), 'nestor-models-')));
  }

  /** Copies a model file to a place below the folder. */
  async put(place: string, file: string): Promise<void> {
    await mkdir(dirname(join(this.path, place)), { recursive: true });
    await copyFile(file, join(this.path, place));
  }

  async write(place: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.path, place)), { recursive: true });
    await writeFile(join(this.path, place), text);
  }

  async manifest(model: string, manifest: Manifest): Promise<void> {
    await this.write(join(model, 'model.json'), JSON.stringify(manifest));
  }

  async link(place: string, target: string): Promise<void> {
    await symlink(target, join(this.path, place));
  }

  async delete(place: string): Promise<void> {
    await rm(join(this.path, place), { recursive: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Opens a repository with the settings' defaults. */
export function open(
  path: string,
  { defaultModel, ...options }: Partial<VersionOptions> & Pick<RepositoryOptions, 'defaultModel'> = {},
  listen?: (repository: ModelRepository) => void,
): Promise<ModelRepository> {
  const defaults = {
    maxRows: 10_000,
    maxBatchRows: 64,
    maxBatchWaitMs: 0,
    execution: 'inline',
    intraOpThreads: 1,
  } as const;
  return ModelRepository.open({ path, defaultModel, versions: { ...defaults, ...options } }, listen);
}

/** What a model of one number answers to it, and which version that was. */
export async function predict(
  repository: ModelRepository,
  name: string,
  x: number,
): Promise<{ answer: unknown; version: string }> {
  const model = repository.get(name);
  model.lease();
  try {
    const { inputs, count } = model.reader.read([{ x }]);
    const { outputs } = await model.scheduler.submit({ inputs, rows: count, deadline: Infinity });
    return { answer: model.writer.values(outputs, count).prediction[0], version: model.version };
  } finally {
    model.release();
  }
}
