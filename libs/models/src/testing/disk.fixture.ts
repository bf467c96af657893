import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest } from '../manifest-type.ts';
import { testModel } from '../../../../test/models/test-models.ts';

/** Returns its input plus 1; the version before PLUS_TWO. */
export const PLUS_ONE = testModel('two-versions', '1');
export const PLUS_TWO = testModel('two-versions', '2');
export const TRUNCATED = testModel('invalid/truncated');

/** A folder for models; `remove` deletes it. */
export class ModelsOnDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<ModelsOnDisk> {
    return new ModelsOnDisk(await mkdtemp(join(tmpdir(), 'nestor-models-')));
  }

  /** Copies a model file to a place below the folder. */
  async put(place: string, file: string): Promise<void> {
    await mkdir(dirname(join(this.path, place)), { recursive: true });
    await copyFile(file, join(this.path, place));
  }

  async write(place: string, text: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(this.path, place)), { recursive: true });
    await writeFile(join(this.path, place), text);
  }

  async manifest(model: string, manifest: Manifest): Promise<void> {
    await this.write(join(model, 'model.json'), JSON.stringify(manifest));
  }

  async link(place: string, target: string): Promise<void> {
    await symlink(target, join(this.path, place));
  }

  async delete(place: string): Promise<void> {
    await rm(join(this.path, place), { recursive: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
