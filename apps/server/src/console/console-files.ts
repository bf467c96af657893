import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The console's files, which `apps/console` builds. */
const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export type ConsoleFileName = keyof typeof TYPES;

export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
  /** Derived from the content, so that a browser revalidates its copy in a few bytes. */
  readonly etag: string;
}

/** The page loads nothing from another origin, and has no inline code or style. */
export const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/** Beside the bundle, or where the build lays them as seen from the compiler's output and from the sources. */
const FOLDERS = ['console', '../../../../bundle/console', '../../../../dist/bundle/console'].map((folder) =>
  join(import.meta.dirname, folder),
);

const files = new Map<ConsoleFileName, Promise<ConsoleFile>>();

/** A file of the console, read once. */
export function consoleFile(name: ConsoleFileName): Promise<ConsoleFile> {
  let file = files.get(name);
  if (file === undefined) files.set(name, (file = readConsoleFile(name)));
  return file;
}

async function readConsoleFile(name: ConsoleFileName): Promise<ConsoleFile> {
  const folder = FOLDERS.find((candidate) => existsSync(join(candidate, name)));
  if (folder === undefined) throw new Error('The console is not built: run `npm run build`, or set CONSOLE=off.');
  const content = await readFile(join(folder, name));
  return { type: TYPES[name], content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
}
