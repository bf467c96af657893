import type { VersionOptions } from '../loading/load-version.ts';
import { Engine, type EngineOptions } from '../engine.ts';

/** Opens a engine with the settings' defaults. */
export function open(
  path: string,
  { defaultModel, observe, ...options }: Partial<VersionOptions> & Pick<EngineOptions, 'defaultModel' | 'observe'> = {},
  listen?: (engine: Engine) => void,
): Promise<Engine> {
  const defaults = {
    maxRows: 10_000,
    maxBatchRows: 64,
    maxBatchWaitMs: 0,
    execution: 'inline',
    intraOpThreads: 1,
  } as const;
  return Engine.open(
    { path, defaultModel, ...(observe && { observe }), versions: { ...defaults, ...options } },
    listen,
  );
}

/** What a model of one number answers to it, and which version that was. */
export async function predict(engine: Engine, name: string, x: number): Promise<{ answer: unknown; version: string }> {
  const model = engine.get(name);
  model.lease();
  try {
    const { inputs, count } = model.reader.read([{ x }]);
    const { outputs } = await model.scheduler.submit({ inputs, rows: count, deadline: Infinity });
    return { answer: model.writer.values(outputs, count).prediction[0], version: model.version };
  } finally {
    model.release();
  }
}
