import type { ReplacedOutput } from '../model-file/tensor-outputs.ts';
import { ModelLoadError } from '../model-load-error.ts';
import { Digester, type FileState, isSame, wasRewritten } from './digest.ts';

/** The bytes of a model, of which a session is opened. Plain data: it goes to another thread as it is. */
export interface ModelContent {
  /** The model's file; of bytes, what messages call them. */
  readonly path: string;
  /** The model itself, where it is not to be read from `path`. */
  readonly bytes?: Uint8Array;
  /**
   * "sha256:" and the hash of the model file, as sha256sum gives it. External data counts as if its files were appended
   * to the model's, in the order of their paths.
   */
  readonly digest: string;
  /** Of the standard operators, where the file says so. */
  readonly opset?: number | undefined;
  /** Shapes of inputs that the model does not tell. */
  readonly inputShapes?: ReadonlyMap<string, readonly number[]>;
  /** Outputs in whose place sessions have tensors. */
  readonly replaced: readonly ReplacedOutput[];
  /** Optimizers of the runtime that sessions leave out, because they get this model wrong. */
  readonly faultyOptimizers: readonly string[];
  /**
   * What sessions do with its external data, if it has any: read it into memory, or map it where it is too large for that;
   * a change of its files is then seen by runs.
   */
  readonly externalData: 'none' | 'read' | 'mapped';
  /** The files of which the digest was made: the model's, unless it is bytes, and those of external data. */
  readonly files: readonly FileState[];
}

/**
 * Throws where the files that lie there now are not those of which the digest was made: what a session was opened of is
 * then another model. Files that were only touched, moved or copied are the same.
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
