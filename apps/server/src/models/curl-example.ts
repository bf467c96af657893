import type { Engine, ModelVersion } from '#engine';
import { exampleRecord } from './example-record.ts';

/** A complete command for one prediction of the model at this address; undefined without an example. */
export function curlExample(model: ModelVersion, path: string, origin: string): string | undefined {
  const record = exampleRecord(model);
  if (record === undefined) return undefined;
  const body = JSON.stringify(record).replaceAll("'", String.raw`'\''`);
  return `curl ${origin}${path} -H 'Content-Type: application/json' -d '${body}'`;
}

/** The command for the default model, else for the first one. */
export function firstCurlExample(models: Engine, origin: string): string | undefined {
  const { defaultModel } = models;
  if (defaultModel !== undefined) return curlExample(models.get(defaultModel), '/predict', origin);
  const [model] = models.status().flatMap(({ latest }) => latest ?? []);
  return model && curlExample(model, `/models/${model.name}/predict`, origin);
}
