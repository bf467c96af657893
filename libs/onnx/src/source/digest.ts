import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** Long enough to be read in few pieces, and hashed in half a millisecond. */
const SLICE_BYTES = 256 * 1024;

/** A file as it was when its digest was made. */
export interface FileState {
  readonly path: string;
  /** Differs for another file at the path, and after each change. */
  readonly identity: string;
}

/** Makes the digest of files and bytes, as if they were one file, and notes which files these were. */
export class Digester {
  readonly files: FileState[] = [];
  /** Bytes of all that was added. */
  size = 0;
  readonly #hash = createHash('sha256');

  addBytes(bytes: Uint8Array): void {
    this.size += bytes.length;
    this.#hash.update(bytes);
  }

  /** Reads a file once, in slices between which others have the event loop. Throws what the file system says. */
  async addFile(path: string): Promise<void> {
    const file = await open(path);
    try {
      this.files.push({ path, identity: identityOf(await file.stat({ bigint: true })) });
      const slice = Buffer.allocUnsafe(SLICE_BYTES);
      for (;;) {
        const { bytesRead } = await file.read(slice, 0, SLICE_BYTES);
        if (bytesRead === 0) return;
        this.addBytes(slice.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
  }

  /** The digest of all that was added, named by its algorithm as image registries name theirs. */
  finish(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/** Whether the file is the one that was seen, as far as that shows without reading it. */
export async function isSame({ path, identity }: FileState): Promise<boolean> {
  const now = await stat(path, { bigint: true }).catch(() => undefined);
  return now !== undefined && identityOf(now) === identity;
}

/** Whether something was written to the file that was seen; one that took its place leaves those alone who have it open. */
export async function wasRewritten({ path, identity }: FileState): Promise<boolean> {
  const now = await stat(path, { bigint: true }).catch(() => undefined);
  return now !== undefined && identity.startsWith(`${now.dev}:${now.ino}:`) && identityOf(now) !== identity;
}

function identityOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(':');
}
