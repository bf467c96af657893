import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { FoundModel } from '#models';
import { EXIT, type ExitCode, Failure, UsageError } from '../exit.ts';
import { modelAt, openModel } from '../models.ts';
import type { InitOptions } from './command.ts';
import { summarise } from './data.ts';
import { skeletonOf } from './skeleton.ts';
import { WrittenFiles } from './written-files.ts';

/** Writes a manifest with which the model loads. Copies the model into a folder if it is not in one. */
export async function init(path: string, options: InitOptions): Promise<ExitCode> {
  const found = await modelAt(path);
  const file = found.versions.at(-1)?.path;
  if (file === undefined)
    throw new Failure(found.problem ?? found.versions.at(-1)?.problem ?? `${path} contains no model.`);
  const { folder, copyTo } = placeOf(found, file, options.output);
  const target = join(folder, 'model.json');
  if (existsSync(target) && options.force !== true)
    throw new UsageError(`${target} exists. Add --force to replace it.`);
  if (options.target !== undefined && options.data === undefined)
    throw new UsageError('--target names a column of the data: add --data.');
  if (options.drop !== undefined && options.data === undefined)
    throw new UsageError('--drop names columns of the data: add --data.');

  // Opens the file by itself, so that a manifest beside it has no effect.
  const { model, close } = await openModel(file);
  await close();
  const data = options.data === undefined ? undefined : await summarise(options.data);
  const { manifest, notes } = skeletonOf(basename(resolve(folder)), model, data, options);

  const files = new WrittenFiles();
  try {
    if (copyTo !== undefined) {
      // Its external data, if any, is below the file's folder.
      for (const { path: from } of model.source.files) {
        const place = relative(dirname(file), from);
        const to = place === basename(file) ? copyTo : join(dirname(copyTo), place);
        await files.write(to, (path) => copyFile(from, path));
      }
    }
    await files.write(target, (path) => writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`));
    // Only loading shows whether the model runs on the examples.
    await (await openModel(folder)).close();
  } catch (error) {
    await files.undo();
    throw error;
  }
  await files.keep();
  process.stdout.write([copyTo, target].filter((path) => path !== undefined).join('\n') + '\n');
  for (const note of notes) process.stderr.write(`- ${note}\n`);
  process.stderr.write(`Then: nestor inspect ${folder}\n`);
  return EXIT.ok;
}

interface Place {
  /** The model's folder. */
  readonly folder: string;
  /** Where to copy the model's file; undefined if it is in its folder already. */
  readonly copyTo?: string;
}

/** The folder whose manifest the server would read for this file, or else a folder to create. */
function placeOf(found: FoundModel, file: string, output: string | undefined): Place {
  if (output === undefined) {
    // The path is a model folder, or a file in one.
    if (extname(found.manifestPath) !== '.onnx') return { folder: dirname(found.manifestPath) };
    const folder = dirname(resolve(file));
    if (/^[1-9]\d*$/.test(basename(folder))) return { folder: dirname(folder) };
    if (basename(file) === 'model.onnx') return { folder };
  }
  const folder = output ?? found.name;
  return { folder, copyTo: join(folder, '1', 'model.onnx') };
}
