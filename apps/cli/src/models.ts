import { existsSync } from 'node:fs';
import { readSettings } from '#config';
import { Engine, type ModelVersion, type EngineOptions } from '#engine';
import { findModels, type FoundModel } from '#models';
import { Failure, UsageError } from './exit.ts';

/** How models are loaded: as the server would in this environment. */
export function loadOptions(path: string): EngineOptions {
  return { path, versions: readSettings(process.env) };
}

/** The models at a path. @throws Failure, RepositoryError where there are none */
export async function modelsAt(path: string): Promise<FoundModel[]> {
  if (!existsSync(path)) throw new Failure(`There is nothing at ${path}. Check the path.`);
  return findModels(path);
}

/** The one model at a path. @throws UsageError where there are several */
export async function modelAt(path: string): Promise<FoundModel> {
  const [model, ...others] = await modelsAt(path);
  if (model !== undefined && others.length === 0) return model;
  const names = [model!, ...others].map(({ name }) => name).join(', ');
  throw new UsageError(`${path} holds several models: name the folder or file of one of ${names}.`);
}

/** A model that is loaded, until it is closed. */
export interface OpenedModel {
  /** The version that answers. */
  readonly model: ModelVersion;
  /** Its file. */
  readonly file: string;
  readonly close: () => Promise<void>;
}

/** Loads a model as the server would. @throws RepositoryError saying why it cannot be served */
export async function openModel(found: FoundModel, options: EngineOptions): Promise<OpenedModel> {
  const engine = await Engine.open({ ...options, defaultModel: found.name });
  const model = engine.get(found.name);
  const file = found.versions.find(({ number }) => `${number}` === model.version)!.path!;
  return { model, file, close: () => engine.close() };
}
