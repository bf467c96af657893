import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const CHECK_MS = 2000;

/** A key file that cannot be used; its message names the file and what to do, never a key. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/**
 * The keys in a mounted file, one a line; blank lines and lines that start with # are passed over. The file is looked
 * at every two seconds and read again when it has changed, also behind the symbolic links of a Kubernetes secret. A file
 * that has become unreadable or empty leaves the last good keys in force.
 */
export class KeyFile {
  private digests: readonly Buffer[];
  private seen: string;
  /** Why the latest reading failed. Such a file is read again at each look: what is wrong may pass without a trace on it. */
  private problem: string | undefined;
  private readonly timer: NodeJS.Timeout;

  /** @throws KeyFileError where the file cannot be read or holds no key */
  constructor(
    private readonly path: string,
    private readonly onProblem: (problem: KeyFileError) => void,
  ) {
    // Looked at before it is read: a change in between is then seen at the next look.
    this.seen = looksOf(path);
    this.digests = readDigests(path);
    this.timer = setInterval(() => this.look(), CHECK_MS).unref();
  }

  /**
   * Whether it is one of the keys. Digests of equal length are compared, all of them and each in constant time, so that
   * the time taken tells nothing about any key.
   */
  accepts(key: string): boolean {
    const digest = digestOf(key);
    let accepted = false;
    for (const known of this.digests) accepted = timingSafeEqual(known, digest) || accepted;
    return accepted;
  }

  /** Looks at the file, and reads it again if it has changed or could not be read. A problem that lasts is told once. */
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

  /** Looks no more. */
  close(): void {
    clearInterval(this.timer);
  }
}

/** What tells one state of a file from another, through symbolic links: its inode changes where a link is swapped. */
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
  if (keys.length === 0) throw new KeyFileError(`The key file ${path} holds no key: write one key a line.`);
  return keys.map(digestOf);
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
