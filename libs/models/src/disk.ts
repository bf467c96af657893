import type { BigIntStats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { withoutMark } from '#csv';
import { foreignFormat } from './foreign-format.ts';
import { RepositoryError } from './repository-error.ts';

const MANIFEST = 'model.json';
const MODEL = 'model.onnx';
/** The subfolder in which the hub's exporters put the model. Files above it say how texts or pictures become inputs. */
const HUB = 'onnx';
/** These files: one for texts, one for pictures. */
const READERS = ['tokenizer.json', 'preprocessor_config.json'];
/** A folder of a sentence-transformers model, such as 1_Pooling. Its files are small, and part of the model. */
const MODULE = /^[0-9]+_[A-Za-z]+$/;
const MODEL_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const VERSION = /^[1-9][0-9]{0,15}$/;

/** A version on disk: its model file, or the problem with it. */
export interface FoundVersion {
  readonly number: number;
  /** The .onnx file; undefined if there is a `problem`. */
  readonly path: string | undefined;
  readonly problem: string | undefined;
  /** Changes whenever one of the version's files changes or is replaced. */
  readonly fingerprint: string;
}

/** A model on disk. */
export interface FoundModel {
  readonly name: string;
  /** The model's folder; undefined if the model is one file among others. */
  readonly folder: string | undefined;
  readonly manifestPath: string;
  /** The text of model.json; undefined without one. */
  readonly manifest: string | undefined;
  /** In ascending order. */
  readonly versions: readonly FoundVersion[];
  /** Why the model as a whole cannot be served. */
  readonly problem: string | undefined;
}

/**
 * The models at `path`: a folder of model folders and .onnx files, one model folder, or one .onnx file. Follows
 * symbolic links and skips hidden entries, so that a mounted ConfigMap works like a plain folder.
 *
 * @throws RepositoryError if nothing is at `path`, or nothing there is a model.
 */
export async function findModels(path: string): Promise<FoundModel[]> {
  const root = resolve(path);
  const stats = await look(root);
  if (stats === undefined)
    throw new RepositoryError(
      `There is nothing at ${path}. Set MODELS to a folder of models, a model's folder or an .onnx file.`,
    );
  if (stats.isFile()) {
    if (extname(root) !== '.onnx')
      throw new RepositoryError(
        foreignFormat(path) ??
          `${path} is a file, but not an .onnx file. Set MODELS to a folder of models, a model's folder or an .onnx file.`,
      );
    return [await singleFile(root)];
  }
  const own = await modelFolder(root);
  if (own !== undefined && (own.manifest !== undefined || !(await holdsModelFolders(root)))) return [own];
  const found = await Promise.all((await entries(root)).map((name) => modelAt(join(root, name))));
  const models = found.filter((model) => model !== undefined);
  if (models.length === 0) {
    throw new RepositoryError(
      `There is no model in ${path}. A model is an .onnx file, or a folder with model.onnx, <version>/model.onnx or model.json, where <version> is 1, 2, 3, …`,
    );
  }
  return unambiguous(models);
}

/** A folder and a file with the same name would be one model with two contents. */
function unambiguous(models: FoundModel[]): FoundModel[] {
  const byName = Map.groupBy(models, (model) => model.name);
  return [...byName.values()].map(([first, second]) =>
    second === undefined
      ? first!
      : { ...first!, problem: `Both ${first!.name}/ and ${first!.name}.onnx are there: remove one.` },
  );
}

async function modelAt(path: string): Promise<FoundModel | undefined> {
  try {
    const stats = await look(path);
    if (stats?.isDirectory()) return await modelFolder(path);
    return stats?.isFile() && extname(path) === '.onnx' ? await singleFile(path) : undefined;
  } catch (error) {
    // A folder that cannot be read fails only that model. `lost+found` of a volume is not a model.
    const name = basename(path, '.onnx');
    if (!(error instanceof RepositoryError) || nameProblem(name) !== undefined) return undefined;
    return { name, folder: undefined, manifestPath: path, manifest: undefined, versions: [], problem: error.message };
  }
}

async function singleFile(path: string): Promise<FoundModel> {
  const name = basename(path, '.onnx');
  const version = { number: 1, path, problem: undefined, fingerprint: await fingerprint([path]) };
  const versions = [version];
  return { name, folder: undefined, manifestPath: path, manifest: undefined, versions, problem: nameProblem(name) };
}

/**
 * Whether any folder in this one is clearly a model's, with its own manifest or versions. If so, a folder with the name
 * 1, beside it or itself, is a model with that name and not a version.
 */
async function holdsModelFolders(folder: string): Promise<boolean> {
  for (const name of await entries(folder)) {
    const path = join(folder, name);
    if (!(await look(path))?.isDirectory()) continue;
    const inner = await entries(path);
    if (inner.includes(MANIFEST)) return true;
    const versions = await Promise.all(
      inner.filter((entry) => VERSION.test(entry)).map((entry) => versionFolder(path, entry)),
    );
    if (versions.some((version) => version?.path !== undefined)) return true;
  }
  return false;
}

/** The model in a folder; undefined if nothing in the folder makes it a model's. */
async function modelFolder(folder: string): Promise<FoundModel | undefined> {
  const names = await entries(folder);
  const numbers = names.filter((name) => VERSION.test(name)).sort((a, b) => Number(a) - Number(b));
  const folders = await Promise.all(numbers.map((name) => versionFolder(folder, name)));
  const versions = folders.filter((version) => version !== undefined);
  if (versions.length === 0 && (names.includes(MODEL) || (await isHubFolder(folder, names))))
    versions.push(await bareVersion(folder, names));
  if (versions.length === 0 && !names.includes(MANIFEST)) return undefined;

  const name = basename(folder);
  const manifestPath = join(folder, MANIFEST);
  const manifest = names.includes(MANIFEST) ? await readText(manifestPath) : undefined;
  const nothing =
    versions.length > 0
      ? undefined
      : `${folder} has a ${MANIFEST} but no model: put one at ${join(folder, '1', MODEL)}.`;
  return { name, folder, manifestPath, manifest, versions, problem: nameProblem(name) ?? nothing };
}

/** Whether a folder has the hub's layout: the files for inputs, and in `onnx` the model in one or more variants. */
async function isHubFolder(folder: string, names: readonly string[]): Promise<boolean> {
  if (!READERS.some((name) => names.includes(name)) || !names.includes(HUB)) return false;
  const inner = join(folder, HUB);
  return (
    (await look(inner))?.isDirectory() === true && (await entries(inner)).some((name) => extname(name) === '.onnx')
  );
}

/** A model file beside the manifest, without version folders, is version 1. */
async function bareVersion(folder: string, names: readonly string[]): Promise<FoundVersion> {
  const own = names.filter((name) => name !== MANIFEST && extname(name) !== '.md');
  return { number: 1, ...(await modelIn(folder, own)) };
}

async function versionFolder(model: string, name: string): Promise<FoundVersion | undefined> {
  const folder = join(model, name);
  if (!(await look(folder))?.isDirectory()) return undefined;
  return { number: Number(name), ...(await modelIn(folder, await entries(folder))) };
}

/** The model file of a version, in its folder or the hub's subfolder, with everything that belongs to the version. */
async function modelIn(folder: string, names: readonly string[]): Promise<Omit<FoundVersion, 'number'>> {
  const inner = !names.some((name) => extname(name) === '.onnx') && (await isHubFolder(folder, names));
  const home = inner ? join(folder, HUB) : folder;
  const files = inner ? await entries(home) : names;
  const onnx = files.filter((entry) => extname(entry) === '.onnx');
  const file = onnx.includes(MODEL) ? MODEL : onnx.length === 1 ? onnx[0] : undefined;
  const within = inner
    ? [HUB, ...names.filter((name) => MODULE.test(name))]
    : names.filter((name) => MODULE.test(name));
  return {
    path: file === undefined ? undefined : join(home, file),
    problem:
      file !== undefined
        ? undefined
        : onnx.length === 0
          ? `${folder} has no model. Add ${MODEL}.`
          : `${home} holds ${onnx.join(' and ')}: name the one to serve ${MODEL}.`,
    fingerprint: await fingerprint([
      ...names.map((name) => join(folder, name)),
      ...(await filesWithin(folder, within)),
    ]),
  };
}

async function filesWithin(folder: string, names: readonly string[]): Promise<string[]> {
  const inner = names.map(async (name) => {
    const path = join(folder, name);
    return (await look(path))?.isDirectory() ? (await entries(path)).map((file) => join(path, file)) : [];
  });
  return (await Promise.all(inner)).flat();
}

function nameProblem(name: string): string | undefined {
  if (MODEL_NAME.test(name)) return undefined;
  return `${JSON.stringify(name)} cannot be a model's name: use letters, digits, ".", "_" and "-", and no "." in front.`;
}

/**
 * Identifies the files' current contents without reading them, by link target, inode, size and modification time.
 * Ignores folders.
 */
async function fingerprint(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    [...paths].sort().map(async (path) => {
      const [stats, real] = await Promise.all([look(path), realpath(path).catch(() => 'gone')]);
      return stats?.isFile() ? `${path}>${real}:${stats.ino}:${stats.size}:${stats.mtimeNs}` : '';
    }),
  );
  return parts.filter((part) => part !== '').join('\n');
}

/** Changes whenever any part of the model changes or is replaced. */
export function fingerprintOf({ manifest, problem, versions }: FoundModel): string {
  return [manifest ?? '', problem ?? '', ...versions.map((version) => `${version.number} ${version.fingerprint}`)].join(
    '\0',
  );
}

async function look(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    // A broken or circular link counts as missing, but a disk that does not respond is an error.
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw new RepositoryError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return withoutMark(await readFile(path, 'utf8'));
  } catch (error) {
    throw new RepositoryError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    throw new RepositoryError(`${folder} cannot be read: ${(error as Error).message}`);
  }
}
