import { DEFAULT_VERSION_OPTIONS, type VersionOptions } from '../loading/version-options.ts';
import { Engine, type EngineOptions } from '../engine.ts';

/** Opens models with the settings' defaults, on the event loop. */
export function open(
  path: string,
  {
    defaultModel,
    observe,
    sessions,
    trial,
    fallsBack = false,
    ...versions
  }: Partial<VersionOptions> & Omit<EngineOptions, 'versions'> = {},
  listen?: (engine: Engine) => void,
): Promise<Engine> {
  const options = {
    defaultModel,
    fallsBack,
    ...(observe && { observe }),
    ...(sessions && { sessions }),
    ...(trial && { trial }),
  };
  return Engine.open(
    path,
    { ...options, versions: { ...DEFAULT_VERSION_OPTIONS, execution: 'inline', loadTimeoutSeconds: 60, ...versions } },
    listen,
  );
}

/** The answer of a model that takes one number, and its version. */
export async function predict(engine: Engine, name: string, x: number): Promise<{ answer: unknown; version: string }> {
  const { prediction, model } = await engine.predict([{ x }], { model: name });
  return { answer: prediction[0], version: model.version };
}
