import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TextOptionsError } from './text-options.ts';

/** Vocabularies of a quarter of a million tokens in many languages have about 20 MB. */
const MOST_BYTES = 128 * 2 ** 20;

/**
 * What a JSON file holds that an exporter wrote beside the .onnx file, or above it, where that lies in a folder `onnx`.
 *
 * @returns undefined where there is no such file
 * @throws TextOptionsError for a file that is no JSON, or too large
 */
export async function readBeside(modelPath: string, name: string): Promise<unknown> {
  const own = dirname(modelPath);
  const folders = basename(own) === 'onnx' ? [own, dirname(own)] : [own];
  for (const folder of folders) {
    const value = await readJson(join(folder, name));
    if (value !== undefined) return value;
  }
  return undefined;
}

async function readJson(path: string): Promise<unknown> {
  const name = basename(path);
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new TextOptionsError(`${name} has ${size} bytes; at most ${MOST_BYTES} are read.`);
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof TextOptionsError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new TextOptionsError(`${name} cannot be read: ${code ?? message}.`);
  }
}
