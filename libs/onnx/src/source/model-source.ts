import { closeSync, fstatSync, openSync } from 'node:fs';
import { explainUnreadable, explainUnreadableData, INCOMPLETE } from '../load-failure.ts';
import { type ByteRange, FileBytes, MemoryBytes } from '../model-file/byte-range.ts';
import { MalformedMessage } from '../model-file/field-reader.ts';
import type { ModelFile } from '../model-file/model-file.ts';
import { readModelFile } from '../model-file/read-model-file.ts';
import { replacedOutputs, withTensors } from '../model-file/tensor-outputs.ts';
import { faultyOptimizers } from '../faulty-optimizers.ts';
import { ModelLoadError } from '../model-load-error.ts';
import { Digester } from './digest.ts';
import { externalPaths } from './external-data.ts';
import type { ModelContent } from './model-content.ts';
import { READ_UP_TO_BYTES } from './read-weights.ts';

/** Where a version comes from: what its sessions open, and what was read from it. */
export interface ModelSource extends ModelContent {
  /** Bytes of the model and its external data. */
  readonly size: number;
  /** What the file says, with the outputs that are served. */
  readonly file: ModelFile;
}

/**
 * Reads a model file except its weights, and computes the digest of the file and its external data: one pass over all
 * bytes, about a second per gigabyte, in slices that leave the event loop to others in between.
 *
 * @throws ModelLoadError that says what is wrong with the file and what to do
 */
export async function readSource(path: string): Promise<ModelSource> {
  const digester = new Digester();
  await digester.addFile(path).catch((error: unknown) => {
    throw explainUnreadable(path, error);
  });
  // That pass left the file in the page cache, so reading it does not block the event loop.
  const file = readOnnxFile(path);
  const externalData = await addExternalData(digester, path, file);
  return { path, externalData, ...asServed(file), ...finished(digester) };
}

/**
 * A model that is already in memory. Each session in another thread has its own copy of the bytes.
 * @param path the model's name in messages; its external data is in the same folder
 * @throws ModelLoadError that says what is wrong with the bytes
 */
export async function sourceOfBytes(bytes: Uint8Array, path: string): Promise<ModelSource> {
  const digester = new Digester();
  digester.addBytes(bytes);
  const file = readModel(path, new MemoryBytes(bytes));
  const externalData = await addExternalData(digester, path, file);
  return { path, bytes, externalData, ...asServed(file), ...finished(digester) };
}

function finished(digester: Digester): Pick<ModelSource, 'digest' | 'files' | 'size'> {
  const { files, size } = digester;
  return { digest: digester.finish(), files, size };
}

function asServed(file: ModelFile): Pick<ModelSource, 'file' | 'opset' | 'replaced' | 'faultyOptimizers'> {
  const replaced = replacedOutputs(file);
  const served = withTensors(file, replaced);
  return { file: served, opset: file.opsets['ai.onnx'], replaced, faultyOptimizers: faultyOptimizers(file) };
}

async function addExternalData(
  digester: Digester,
  path: string,
  file: ModelFile,
): Promise<ModelContent['externalData']> {
  const { size } = digester;
  const paths = externalPaths(path, file);
  for (const external of paths) {
    await digester.addFile(external).catch((error: unknown) => {
      throw explainUnreadableData(path, external, error);
    });
  }
  if (paths.length === 0) return 'none';
  return digester.size - size <= READ_UP_TO_BYTES ? 'read' : 'mapped';
}

/**
 * What a model file says, also of one that cannot be loaded; all but its weights.
 * @throws ModelLoadError where it is no ONNX file
 */
export function readOnnxFile(path: string): ModelFile {
  const handle = openSync(path, 'r');
  try {
    const { size } = fstatSync(handle);
    return readModel(path, new FileBytes(handle, size));
  } finally {
    closeSync(handle);
  }
}

function readModel(path: string, bytes: ByteRange): ModelFile {
  if (bytes.size === 0) throw new ModelLoadError(path, 'the file is empty. Copy it again.');
  try {
    return readModelFile(bytes);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    throw new ModelLoadError(path, INCOMPLETE, { cause: error });
  }
}
