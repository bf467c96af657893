import { NestorError, listed } from '#errors';
import type { Prediction } from '#predictor';
import { Engine } from '../engine.ts';
import type { OpenOptions } from './open-options.ts';
import { OpenedModel, OpenedModels } from './opened-models.ts';
import { versionOptionsOf } from './version-options-of.ts';

export interface OpenModelsOptions extends OpenOptions {
  /** Receives the models before anything is loaded, so that it can observe the loads too. */
  readonly listen?: (models: OpenedModels) => void;
}

/**
 * Opens all models at a path: a folder of models, a model's folder, or an .onnx file. Starts no process; models
 * with long runs use worker threads.
 *
 * @throws RepositoryError if all models fail to open, or the only one does; it says which, and why
 */
export async function openModels(path: string, options: OpenModelsOptions = {}): Promise<OpenedModels> {
  const { listen, ...given } = options;
  const modelsOf = (engine: Engine): OpenedModels => new OpenedModels(engine, options.answered);
  return modelsOf(await openEngine(path, given, (engine) => listen?.(modelsOf(engine))));
}

/**
 * Opens the one model at a path: an .onnx file, or a model's folder.
 *
 * @throws RepositoryError that says why it cannot be opened; PredictionError UNKNOWN_MODEL if there are several
 */
export async function openModel<Row = unknown, Answer = Prediction>(
  path: string,
  options: OpenOptions = {},
): Promise<OpenedModel<Row, Answer>> {
  const engine = await openEngine(path, options);
  const [model, ...others] = engine.status().map(({ name }) => name);
  if (others.length === 0) return new OpenedModel(engine, model!, options.answered);
  await engine.close();
  const names = listed([model, ...others]);
  throw new NestorError(
    'UNKNOWN_MODEL',
    `${path} holds several models (${names}). Open the folder or file of one of them.`,
  );
}

/** Opens an engine that starts no processes. Options that are left out have the settings' defaults. */
export async function openEngine(
  path: string,
  options: OpenOptions,
  listen?: (engine: Engine) => void,
): Promise<Engine> {
  const { observe, answered: _answered, ...asked } = options;
  return Engine.open(path, { versions: versionOptionsOf(asked), ...(observe && { observe }) }, listen);
}
