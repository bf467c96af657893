import type { ReplacedOutput } from '../model-file/tensor-outputs.ts';
import { ModelLoadError } from '../model-load-error.ts';
import { Digester, type FileState, isSame, wasRewritten } from './digest.ts';

/** What a session is opened from. Plain data, so that it can be sent to another thread. */
export interface ModelContent {
  /** The model's file; for a model in memory, its name in messages. */
  readonly path: string;
  /** The model itself, unless it is read from `path`. */
  readonly bytes?: Uint8Array;
  /**
   * "sha256:" and the hash of the model file, as sha256sum gives it. External data counts as if its files were appended
   * to the model's, in the order of their paths.
   */
  readonly digest: string;
  /** The version of the standard operators, if the file has it. */
  readonly opset?: number | undefined;
  /** Shapes of inputs that the model leaves out. */
  readonly inputShapes?: ReadonlyMap<string, readonly number[]>;
  /** Outputs that sessions replace with tensors. */
  readonly replaced: readonly ReplacedOutput[];
  /** Optimizers of the runtime that sessions leave out, because they get this model wrong. */
  readonly faultyOptimizers: readonly string[];
  /**
   * What sessions do with its external data, if it has any: read it into memory, or map files that are too large for that.
   * Runs see changes of mapped files.
   */
  readonly externalData: 'none' | 'read' | 'mapped';
  /** The files that the digest covers: the model's, unless it is in memory, and its external data. */
  readonly files: readonly FileState[];
}

/**
 * Throws if the files differ from those that the digest covers: the session was then opened from another model. Files that
 * were only touched, moved or copied count as unchanged.
 * @throws ModelLoadError
 */
export async function requireUnchanged({ path, bytes, digest, files }: ModelContent): Promise<void> {
  const same = await Promise.all(files.map(isSame));
  if (!same.includes(false)) return;
  const now = new Digester();
  if (bytes !== undefined) now.addBytes(bytes);
  for (const file of files) {
    await now.addFile(file.path).catch((error: unknown) => {
      throw changed(path, `${file.path} cannot be read any more (${(error as NodeJS.ErrnoException).code})`);
    });
  }
  const found = now.finish();
  if (found !== digest) throw changed(path, `its digest was ${digest} and is ${found}`);
}

/** The paths of external data that was written to in place, as far as that shows without reading it. */
export async function rewrittenWeights({ path, files }: ModelContent): Promise<string[]> {
  const weights = files.filter((file) => file.path !== path);
  const rewritten = await Promise.all(weights.map(wasRewritten));
  return weights.filter((_, at) => rewritten[at]).map((file) => file.path);
}

function changed(path: string, how: string): ModelLoadError {
  return new ModelLoadError(
    path,
    `it was changed after this version was loaded from it: ${how}. ` +
      'Load the model again to serve what lies there now, or put the former files back.',
  );
}
