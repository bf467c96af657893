import { existsSync } from 'node:fs';
import { readSettings } from '#config';
import { Engine, type ModelVersion, type VersionOptions } from '#engine';
import { findModels, type FoundModel } from '#models';
import { Failure, UsageError } from './exit.ts';

/** The models at a path. @throws Failure, RepositoryError if there are none */
export async function modelsAt(path: string): Promise<FoundModel[]> {
  if (!existsSync(path)) throw new Failure(`There is nothing at ${path}. Check the path.`);
  return findModels(path);
}

/** The one model at a path. @throws UsageError if there are several */
export async function modelAt(path: string): Promise<FoundModel> {
  const [model, ...others] = await modelsAt(path);
  if (model !== undefined && others.length === 0) return model;
  const names = [model!, ...others].map(({ name }) => name).join(', ');
  throw new UsageError(`${path} holds several models (${names}). Give the folder or file of one of them.`);
}

/** A loaded model, until it is closed. */
export interface OpenedModel {
  /** The version that was asked for, or the latest. */
  readonly model: ModelVersion;
  readonly close: () => Promise<void>;
}

/**
 * Loads the one model at a path as the server would in this environment.
 *
 * @param versions options that override those of the environment
 * @param version one of the served versions; the latest if left out
 * @throws RepositoryError that says why the model cannot be served; NestorError UNKNOWN_VERSION
 */
export async function openModel(
  path: string,
  versions: Partial<VersionOptions> = {},
  version?: string,
): Promise<OpenedModel> {
  const options = Object.assign({}, readSettings(process.env), versions);
  const engine = await Engine.open(path, { versions: options, trial: 'process' });
  const close = (): Promise<void> => engine.close();
  try {
    return { model: engine.get(undefined, version), close };
  } catch (error) {
    await close();
    throw error;
  }
}
