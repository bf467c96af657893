import { stat } from 'node:fs/promises';
import type { ModelVersion } from '#engine';
import type { FoundModel } from '#models';
import { EXIT, type ExitCode, sentenceOf } from '../exit.ts';
import { modelAt, openModel } from '../models.ts';
import type { InspectOptions } from './command.ts';
import { readOnnxHeader } from './onnx-header.ts';
import { type Inspection, print } from './print.ts';
import { warningsOf } from './warnings.ts';

/** Loads a model as the server would, and prints what was found out about it. */
export async function inspect(path: string, options: InspectOptions): Promise<ExitCode> {
  const found = await modelAt(path);
  const file = found.versions.at(-1)?.path;
  const inspection: Inspection = {
    name: found.name,
    ...(file !== undefined && { file: await about(file) }),
    ...(await load(path, found)),
  };
  process.stdout.write(options.json ? `${JSON.stringify(inspection, undefined, 2)}\n` : print(inspection));
  if (inspection.problem === undefined) return EXIT.ok;
  if (!options.json) process.stderr.write(`nestor: ${inspection.problem}\n`);
  return EXIT.failure;
}

async function about(path: string): Promise<NonNullable<Inspection['file']>> {
  const { size } = await stat(path);
  return { path, bytes: size, onnx: await readOnnxHeader(path) };
}

async function load(path: string, found: FoundModel): Promise<Partial<Inspection>> {
  try {
    const { model, file, close } = await openModel(path, found);
    await close();
    return { ...describe(model), file: await about(file), warnings: warningsOf(model, found) };
  } catch (error) {
    return { problem: sentenceOf(error) };
  }
}

function describe(model: ModelVersion): Partial<Inspection> {
  const { version, manifest, signature, features, batching, execution, timings } = model;
  return {
    version,
    ...(manifest.title !== undefined && { title: manifest.title }),
    ...(manifest.description !== undefined && { description: manifest.description }),
    ...(manifest.labels !== undefined && { labels: manifest.labels }),
    ...(manifest.image !== undefined && { image: manifest.image }),
    signature,
    features,
    batching,
    execution,
    timings,
  };
}
