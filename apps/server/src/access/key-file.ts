import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const CHECK_MS = 2000;

/** An unusable key file. The message names the file and the remedy, but never a key. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/**
 * The keys in a mounted file, one per line. Blank lines and lines that start with # are skipped. The file is checked
 * every two seconds and read again after a change, also behind the symbolic links of a Kubernetes secret. If it becomes
 * unreadable or empty, the previous keys remain valid.
 */
export class KeyFile {
  private digests: readonly Buffer[];
  private seen: string;
  /** Why the last reading failed. Each check then reads the file again: the cause may end without changing the file. */
  private problem: string | undefined;
  private readonly timer: NodeJS.Timeout;

  /** @throws KeyFileError if the file cannot be read or holds no key */
  constructor(
    private readonly path: string,
    private readonly onProblem: (problem: KeyFileError) => void,
  ) {
    // Taken before reading, so that the next check notices a change in between.
    this.seen = looksOf(path);
    this.digests = readDigests(path);
    this.timer = setInterval(() => this.look(), CHECK_MS).unref();
  }

  /**
   * Whether a key is valid. Compares the digests of all keys, each in constant time, so that the time taken reveals
   * nothing about any key.
   */
  accepts(key: string): boolean {
    const digest = digestOf(key);
    let accepted = false;
    for (const known of this.digests) accepted = timingSafeEqual(known, digest) || accepted;
    return accepted;
  }

  /** Reads the file again if it changed or could not be read. Reports a lasting problem once. */
  look(): void {
    const looks = looksOf(this.path);
    if (looks === this.seen && this.problem === undefined) return;
    this.seen = looks;
    try {
      this.digests = readDigests(this.path);
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error;
      if (error.message !== this.problem) this.onProblem(error);
      this.problem = error.message;
    }
  }

  close(): void {
    clearInterval(this.timer);
  }
}

/** A fingerprint of a file's state behind symbolic links: swapping a link changes the inode. */
function looksOf(path: string): string {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path);
    return `${dev}:${ino}:${size}:${mtimeMs}`;
  } catch (error) {
    // ENOENT, but also ELOOP, EACCES or ESTALE: nothing that happens to a mounted file may end the process.
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

function readDigests(path: string): readonly Buffer[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KeyFileError(`The key file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw new KeyFileError(`The key file ${path} holds no key. Write one key per line.`);
  return keys.map(digestOf);
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
