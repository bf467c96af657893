import { stat } from 'node:fs/promises';
import { describeOutput, describeText, type ModelVersion } from '#engine';
import type { FoundModel } from '#models';
import { type ModelFile, ModelLoadError, readOnnxFile } from '#onnx';
import { EXIT, type ExitCode, sentenceOf } from '../exit.ts';
import { modelAt, openModel } from '../models.ts';
import type { InspectOptions } from './command.ts';
import { type InspectedFile, type Inspection, print } from './print.ts';
import { warningsOf } from './warnings.ts';

/** Loads a model as the server would, and prints its inspection. */
export async function inspect(path: string, options: InspectOptions): Promise<ExitCode> {
  const found = await modelAt(path);
  const inspection: Inspection = { name: found.name, ...(await load(path, found)) };
  process.stdout.write(options.json ? `${JSON.stringify(inspection, undefined, 2)}\n` : print(inspection));
  if (inspection.problem === undefined) return EXIT.ok;
  if (!options.json) process.stderr.write(`nestor: ${inspection.problem}\n`);
  return EXIT.failure;
}

async function load(path: string, found: FoundModel): Promise<Partial<Inspection>> {
  try {
    const { model, close } = await openModel(path);
    await close();
    const { path: file, digest, file: said } = model.source;
    return { ...describe(model), file: await about(file, said, digest), warnings: warningsOf(model, found) };
  } catch (error) {
    const file = found.versions.at(-1)?.path;
    return { ...(file !== undefined && { file: await about(file, saidBy(file)) }), problem: sentenceOf(error) };
  }
}

async function about(path: string, said: ModelFile | undefined, digest?: string): Promise<InspectedFile> {
  const { size } = await stat(path);
  if (said === undefined) return { path, bytes: size };
  const { graph: _graph, functions: _functions, ...onnx } = said;
  return { path, bytes: size, ...(digest !== undefined && { digest }), onnx };
}

/** Reads a file that may not be servable; undefined if it is not an ONNX file. */
function saidBy(path: string): ModelFile | undefined {
  try {
    return readOnnxFile(path);
  } catch (error) {
    if (error instanceof ModelLoadError) return undefined;
    throw error;
  }
}

function describe(model: ModelVersion): Partial<Inspection> {
  const { version, manifest, signature, features, writer, rows, batching, execution, timings } = model;
  return {
    version,
    ...(manifest.title !== undefined && { title: manifest.title }),
    ...(manifest.description !== undefined && { description: manifest.description }),
    ...(writer.labels !== undefined && { labels: writer.labels }),
    ...(manifest.image !== undefined && { image: manifest.image }),
    ...(model.detector !== undefined && { detection: model.detector.options }),
    ...(model.text && { text: describeText(model.text) }),
    signature,
    features,
    outputs: writer.members.map(describeOutput),
    rows,
    batching,
    execution,
    timings,
  };
}
