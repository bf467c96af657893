import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Files that belong together: all of them stay, or `undo` leaves the disk as it was. */
export class WrittenFiles {
  readonly #undo: (() => Promise<void>)[] = [];
  readonly #kept: string[] = [];

  /** Creates or replaces a file, and the folders above it. It appears only once `create` has written all of it. */
  async write(path: string, create: (path: string) => Promise<void>): Promise<void> {
    const folder = await mkdir(dirname(path), { recursive: true });
    if (folder !== undefined) this.#undo.push(() => rm(folder, { recursive: true }));
    const [begun, before] = [`${path}.new`, `${path}.before`];
    this.#undo.push(() => rm(begun, { force: true }));
    await create(begun);
    if (existsSync(path)) {
      await copyFile(path, before);
      this.#kept.push(before);
      this.#undo.push(() => rename(before, path));
    } else this.#undo.push(() => rm(path, { force: true }));
    await rename(begun, path);
  }

  async keep(): Promise<void> {
    await Promise.all(this.#kept.map((before) => rm(before)));
  }

  async undo(): Promise<void> {
    // The last step first: files before their folders.
    for (const step of this.#undo.reverse()) await step();
  }
}
